CREATE TABLE orders (n int, CONSTRAINT c UNIQUE (n));
