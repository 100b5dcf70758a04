CREATE TYPE mood AS ENUM ('happy', 'sad');CREATE CAST (text AS mood) WITH INOUT;CREATE TABLE t (id integer PRIMARY KEY, m mood);
