CREATE TABLE other (n int); CREATE TABLE orders (n int); ALTER TABLE orders ADD CONSTRAINT few CHECK (n < 10) NOT VALID;
