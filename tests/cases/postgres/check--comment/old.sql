CREATE TABLE orders (n int, CONSTRAINT few CHECK (n < 10)); COMMENT ON CONSTRAINT few ON orders IS 'a | b <c>';
