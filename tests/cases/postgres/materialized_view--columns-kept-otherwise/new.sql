CREATE TABLE t (a text);
CREATE MATERIALIZED VIEW "m v" AS SELECT a, length(a) AS "l %" FROM t;
CREATE INDEX i ON "m v" (a);
ALTER MATERIALIZED VIEW "m v" ALTER a SET COMPRESSION pglz, ALTER "l %" SET (n_distinct = 5);
