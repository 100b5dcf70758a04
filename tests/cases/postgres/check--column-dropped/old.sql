CREATE TABLE orders (n int, m int, CONSTRAINT smaller CHECK (n < m));
