CREATE TYPE mood AS ENUM ('a', 'b');CREATE FOREIGN TABLE f (id integer, m mood) SERVER other;
