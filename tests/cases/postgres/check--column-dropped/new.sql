CREATE TABLE orders (n int);
