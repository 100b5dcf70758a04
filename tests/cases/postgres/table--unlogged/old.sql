CREATE TABLE "a""b" (id int, "select" text);
