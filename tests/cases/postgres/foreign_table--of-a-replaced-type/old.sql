CREATE TYPE mood AS ENUM ('b', 'a');CREATE FOREIGN TABLE f (id integer, m mood) SERVER other;
