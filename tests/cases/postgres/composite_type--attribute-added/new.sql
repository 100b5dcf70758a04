CREATE TYPE place AS (street text, number integer, town text);
CREATE TABLE t (id integer PRIMARY KEY, at place);
