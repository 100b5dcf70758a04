CREATE TYPE mood AS ENUM ('sad', 'happy');CREATE CAST (text AS mood) WITH INOUT;CREATE TABLE t (id integer PRIMARY KEY, m mood);
