CREATE TABLE orders (id integer, n text, x integer NOT NULL DEFAULT 1, CHECK (x > 0)) PARTITION BY RANGE (id);
CREATE TABLE orders_1 PARTITION OF orders FOR VALUES FROM (1) TO (20) PARTITION BY LIST (n);
CREATE TABLE orders_1a PARTITION OF orders_1 FOR VALUES IN ('a', 'b');
CREATE TABLE orders_1d PARTITION OF orders_1 DEFAULT;
CREATE INDEX by_n ON orders (n, x);
CREATE UNIQUE INDEX one ON orders (id, n);
