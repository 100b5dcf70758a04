CREATE DOMAIN dom AS numeric;
CREATE TABLE t (n int, "sel ect" text, x numeric, d dom);
ALTER TABLE t ALTER n SET (n_distinct_inherited = -1), ALTER n SET (n_distinct = 8);
