ALTER TABLE invoices ADD COLUMN due_on TEXT;

CREATE UNIQUE INDEX customers_by_email ON customers (email);
