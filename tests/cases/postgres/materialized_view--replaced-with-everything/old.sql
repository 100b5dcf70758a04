DO $$ BEGIN CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER heap_tableam_handler; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
CREATE TABLE t (a text);
CREATE MATERIALIZED VIEW "m v" USING heap2 WITH (fillfactor = 40, toast.autovacuum_enabled = off) AS SELECT a, length(a) AS "l %" FROM t;
CREATE INDEX i ON "m v" (a);
ALTER MATERIALIZED VIEW "m v" CLUSTER ON i;
ALTER MATERIALIZED VIEW "m v" ALTER a SET STORAGE EXTERNAL, ALTER "l %" SET STATISTICS 5;
