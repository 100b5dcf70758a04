CREATE TABLE t (a int, b text); CREATE MATERIALIZED VIEW mv AS SELECT a, upper(b) AS b FROM t; CREATE INDEX mv_b ON mv (b);
