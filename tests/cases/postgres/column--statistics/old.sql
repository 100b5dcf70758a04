CREATE DOMAIN dom AS numeric;
CREATE TABLE t (n int, "sel ect" text, x numeric, d dom);
ALTER TABLE t ALTER n SET STATISTICS 0, ALTER x SET STATISTICS 5;
