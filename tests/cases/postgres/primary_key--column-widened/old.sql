CREATE TABLE orders (id int PRIMARY KEY); CREATE TABLE lines (order_id int REFERENCES orders);
