CREATE DOMAIN amount AS integer;
CREATE TABLE orders (id integer, n amount) PARTITION BY RANGE (id);
CREATE TABLE orders_1 PARTITION OF orders FOR VALUES FROM (1) TO (10);
