CREATE TYPE span AS RANGE (SUBTYPE = integer);
CREATE TABLE t (id integer, s span);
