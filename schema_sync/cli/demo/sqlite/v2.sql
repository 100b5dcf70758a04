-- 1. Invoices have a day on which they are due.
ALTER TABLE invoices ADD COLUMN due_on TEXT;

-- 2. No two customers share an address any more.
CREATE UNIQUE INDEX customers_by_email ON customers (email);

-- 3. A payment says how it was made. A constant default keeps this a quick change.
ALTER TABLE payments ADD COLUMN method TEXT NOT NULL DEFAULT 'transfer' CHECK (method IN ('transfer', 'card', 'cash'));

-- 4. A line has a quantity above zero. SQLite cannot add a constraint, so the table is written anew.
CREATE TABLE lines_new (
    id INTEGER PRIMARY KEY,
    invoice_id INTEGER NOT NULL REFERENCES invoices (id) ON DELETE CASCADE,
    description TEXT NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    unit_cents INTEGER NOT NULL
);

INSERT INTO lines_new SELECT id, invoice_id, description, quantity, unit_cents FROM lines;

DROP TABLE lines;

ALTER TABLE lines_new RENAME TO lines;

CREATE INDEX lines_by_invoice ON lines (invoice_id);

CREATE TRIGGER lines_keep_total AFTER INSERT ON lines
BEGIN
    UPDATE invoices SET total_cents = total_cents + NEW.quantity * NEW.unit_cents WHERE id = NEW.invoice_id;
END;

-- 5. Open invoices show when they are due, soonest first.
DROP VIEW open_invoices;

CREATE VIEW open_invoices AS
SELECT invoices.id, invoices.number, customers.name AS customer, invoices.total_cents, invoices.due_on
FROM invoices JOIN customers ON customers.id = invoices.customer_id
WHERE invoices.status = 'sent'
ORDER BY invoices.due_on;

-- 6. Money can be given back.
CREATE TABLE credit_notes (
    id INTEGER PRIMARY KEY,
    invoice_id INTEGER NOT NULL REFERENCES invoices (id),
    amount_cents INTEGER NOT NULL CHECK (amount_cents > 0),
    reason TEXT,
    issued_on TEXT NOT NULL DEFAULT CURRENT_DATE
);

CREATE INDEX credit_notes_by_invoice ON credit_notes (invoice_id);
