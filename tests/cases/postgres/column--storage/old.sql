CREATE DOMAIN dom AS numeric;
CREATE TABLE t (n int, "sel ect" text, x numeric, d dom);
ALTER TABLE t ALTER x SET STORAGE EXTERNAL, ALTER d SET STORAGE PLAIN;
