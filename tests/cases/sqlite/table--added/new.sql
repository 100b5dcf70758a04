CREATE TABLE customers (id INTEGER PRIMARY KEY);
CREATE TABLE orders (
  id INTEGER PRIMARY KEY,
  customer INTEGER NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
  total NUMERIC(10, 2) DEFAULT 0 CHECK (total >= 0), -- a price
  UNIQUE (customer, total)
);
CREATE INDEX orders_by_total ON orders (total DESC) WHERE total > 100;
CREATE VIEW large AS SELECT o.id, c.id AS customer FROM orders AS o JOIN customers AS c ON c.id = o.customer;
CREATE TRIGGER orders_ai AFTER INSERT ON orders BEGIN UPDATE orders SET total = 0 WHERE total IS NULL AND id = NEW.id; END;
