CREATE TABLE orders (n int, CONSTRAINT few CHECK (n < 10));
