CREATE COLLATION exact (provider = libc, locale = 'C');
CREATE TABLE orders (id integer, n text COLLATE exact DEFAULT 'q') PARTITION BY LIST (id);
CREATE TABLE orders_1 PARTITION OF orders FOR VALUES IN (1);
CREATE INDEX by_n ON orders (n);
CREATE TABLE parent (n text COLLATE exact);
CREATE TABLE child () INHERITS (parent);
