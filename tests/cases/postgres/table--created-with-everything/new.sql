CREATE TABLE other ();
CREATE UNLOGGED TABLE "a""b" (id int NOT NULL, "select" text, CONSTRAINT "one %" UNIQUE (id)) WITH (fillfactor = 30, toast.autovacuum_enabled = off);
ALTER TABLE "a""b" REPLICA IDENTITY USING INDEX "one %";
ALTER TABLE "a""b" CLUSTER ON "one %";
ALTER TABLE "a""b" ALTER "select" SET STORAGE EXTERNAL, ALTER "select" SET COMPRESSION pglz, ALTER "select" SET STATISTICS 7, ALTER "select" SET (n_distinct = 5, n_distinct_inherited = 9);
