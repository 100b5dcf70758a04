CREATE TABLE t (a integer, b integer, "c ""d" text);
CREATE STATISTICS s ON (a + b) FROM t;
