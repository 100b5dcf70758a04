CREATE TABLE t (a text);
CREATE MATERIALIZED VIEW "m v" AS SELECT a, length(a) AS "l %" FROM t;
CREATE INDEX i ON "m v" (a);
