CREATE TYPE mood AS ENUM ('c', 'a');
CREATE TABLE orders (id integer, m mood) PARTITION BY LIST (m);
CREATE TABLE orders_a PARTITION OF orders FOR VALUES IN ('a');
