CREATE TYPE place AS (number integer, "Floor" smallint, street text);
CREATE TABLE t (id integer PRIMARY KEY, at place);
