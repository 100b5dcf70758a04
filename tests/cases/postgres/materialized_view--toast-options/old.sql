CREATE TABLE t (a text);
CREATE MATERIALIZED VIEW "m v" WITH (fillfactor = 40, toast.autovacuum_enabled = off) AS SELECT a, length(a) AS "l %" FROM t;
CREATE INDEX i ON "m v" (a);
