CREATE UNLOGGED TABLE shops (id int PRIMARY KEY, best int);
CREATE UNLOGGED TABLE orders (id int PRIMARY KEY, shop int CONSTRAINT "of {shop}" REFERENCES shops, before int REFERENCES orders);
CREATE TABLE seen (id int PRIMARY KEY);
ALTER TABLE orders ADD CONSTRAINT seen FOREIGN KEY (id) REFERENCES seen;
