CREATE TABLE t (a integer, b integer, "c ""d" text);
CREATE STATISTICS s ON b, "c ""d" FROM t;
