CREATE TABLE orders (n int, m int, CONSTRAINT both CHECK (n < m));
