CREATE TABLE orders (id bigint PRIMARY KEY); CREATE TABLE lines (order_id bigint REFERENCES orders);
