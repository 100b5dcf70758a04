CREATE  TABLE shops (id int PRIMARY KEY, best int);
CREATE  TABLE orders (id int PRIMARY KEY, shop int CONSTRAINT "of {shop}" REFERENCES shops, before int REFERENCES orders);
CREATE TABLE seen (id int PRIMARY KEY);
ALTER TABLE orders ADD CONSTRAINT seen FOREIGN KEY (id) REFERENCES seen;
ALTER TABLE shops ADD CONSTRAINT best FOREIGN KEY (best) REFERENCES orders;
