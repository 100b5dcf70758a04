CREATE TABLE t (a integer, b integer, "c ""d" text);
CREATE STATISTICS "s ""t" (ndistinct, mcv) ON a, "c ""d" FROM t;
CREATE STATISTICS s ON (a + b) FROM t;
CREATE STATISTICS u ON a, b, lower("c ""d"), (a % 10) FROM t;
ALTER STATISTICS u SET STATISTICS 0;
COMMENT ON STATISTICS u IS 'it''s';
