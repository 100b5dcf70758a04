CREATE TABLE "a""b" (id int, "select" text) WITH (fillfactor = 70, autovacuum_enabled = off);
