CREATE TABLE t (a integer, b integer, "c ""d" text);
CREATE STATISTICS s (ndistinct, dependencies, mcv) ON a, b FROM t;
