CREATE TABLE t (a int, b int, c int);
COMMENT ON COLUMN t.a IS 'old';
COMMENT ON COLUMN t.b IS 'goes';
