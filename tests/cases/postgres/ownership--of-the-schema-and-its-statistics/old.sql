CREATE TABLE t (id integer, n integer); CREATE STATISTICS s ON id, n FROM t;
