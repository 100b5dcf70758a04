DO $$ BEGIN CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER heap_tableam_handler; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
CREATE TABLE t (a text);
CREATE MATERIALIZED VIEW "m v" USING heap2 AS SELECT a, length(a) AS "l %" FROM t;
CREATE INDEX i ON "m v" (a);
