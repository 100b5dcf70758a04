CREATE DOMAIN dom AS numeric;
CREATE TABLE t (n int, "sel ect" text, x numeric, d dom);
ALTER TABLE t ALTER "sel ect" SET COMPRESSION pglz;
