CREATE TYPE row3 AS (id integer, n integer);
CREATE TABLE t OF row3 (id WITH OPTIONS PRIMARY KEY);
CREATE TABLE freed OF row3;
CREATE TYPE anew AS (id integer, n integer);
CREATE TABLE u OF anew;
