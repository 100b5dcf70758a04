CREATE TYPE "row 14" AS (id integer, n integer, more integer);
CREATE TABLE t OF "row 14" (PRIMARY KEY (id, n));
CREATE TYPE row3 AS (id integer, n integer, more integer);
CREATE TABLE freed (id integer, n integer);
CREATE TYPE anew AS (n integer, id integer);
CREATE TABLE u OF row3;
