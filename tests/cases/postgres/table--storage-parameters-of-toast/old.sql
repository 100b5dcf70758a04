CREATE TABLE "a""b" (id int, "select" text) WITH (toast.autovacuum_enabled = off, toast.autovacuum_vacuum_threshold = 7);
