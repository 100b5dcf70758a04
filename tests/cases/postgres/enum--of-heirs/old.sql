CREATE TYPE mood AS ENUM ('a', 'b', 'c');
CREATE TABLE parent (id integer, m mood DEFAULT 'a');
CREATE TABLE child (own integer) INHERITS (parent);
ALTER TABLE child ALTER m SET DEFAULT 'c';
CREATE VIEW seen AS SELECT m FROM child;
CREATE TABLE orders (id integer, m mood DEFAULT 'a') PARTITION BY LIST (id);
CREATE TABLE orders_1 PARTITION OF orders FOR VALUES IN (1);
CREATE INDEX by_mood ON orders (m);
CREATE INDEX ofa ON orders_1 (m) WHERE m = 'a';
