CREATE TABLE t (a integer, "c ""d" text);
CREATE STATISTICS u ON a, "c ""d" FROM t;
