CREATE UNLOGGED TABLE "a""b" (id int, "select" text);
