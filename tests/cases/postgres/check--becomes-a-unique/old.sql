CREATE TABLE orders (n int, CONSTRAINT c CHECK (n < 10));
