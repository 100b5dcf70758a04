CREATE TABLE "a""b" (id int, "select" text) WITH (autovacuum_enabled = off, fillfactor = 50, parallel_workers = 3);
