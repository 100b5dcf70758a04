CREATE TYPE place AS (street text, number bigint);
CREATE TABLE t (id integer PRIMARY KEY, at place);
