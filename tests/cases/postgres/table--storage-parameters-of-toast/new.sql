CREATE TABLE "a""b" (id int, "select" text) WITH (fillfactor = 30, toast.autovacuum_vacuum_threshold = 9);
