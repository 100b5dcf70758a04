CREATE TABLE t (a integer, b integer, "c ""d" text);
CREATE MATERIALIZED VIEW m AS SELECT a, b FROM t;
CREATE STATISTICS s ON a, b FROM m;
