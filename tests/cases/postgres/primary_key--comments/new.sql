CREATE TABLE orders (id int PRIMARY KEY);
COMMENT ON CONSTRAINT orders_pkey ON orders IS 'the key';
COMMENT ON INDEX orders_pkey IS 'its index';
