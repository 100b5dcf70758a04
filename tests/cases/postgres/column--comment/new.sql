CREATE TABLE t (a int, b int, c int);
COMMENT ON COLUMN t.a IS 'new';
COMMENT ON COLUMN t.c IS 'comes';
