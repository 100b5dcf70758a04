CREATE TABLE orders (id int PRIMARY KEY);
COMMENT ON CONSTRAINT orders_pkey ON orders IS 'it''s the key';
