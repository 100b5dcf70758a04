CREATE TYPE place AS (street text, number integer);
CREATE TABLE t (id integer PRIMARY KEY, at place);
