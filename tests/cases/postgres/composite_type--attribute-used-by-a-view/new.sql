CREATE TYPE place AS (number integer);
CREATE TABLE t (id integer PRIMARY KEY, at place);
CREATE VIEW v AS SELECT (at).number FROM t;
