CREATE TABLE t (a bigint, b integer, "c ""d" text);
CREATE STATISTICS s ON a, b, (a + b) FROM t;
ALTER STATISTICS s SET STATISTICS 5;
COMMENT ON STATISTICS s IS 's';
