CREATE TABLE customers (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    email TEXT,
    created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE invoices (
    id INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    number TEXT NOT NULL UNIQUE,
    status TEXT NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'sent', 'paid')),
    issued_on TEXT,
    total_cents INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE lines (
    id INTEGER PRIMARY KEY,
    invoice_id INTEGER NOT NULL REFERENCES invoices (id) ON DELETE CASCADE,
    description TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    unit_cents INTEGER NOT NULL
);

CREATE TABLE payments (
    id INTEGER PRIMARY KEY,
    invoice_id INTEGER NOT NULL REFERENCES invoices (id),
    amount_cents INTEGER NOT NULL CHECK (amount_cents > 0),
    paid_on TEXT NOT NULL DEFAULT CURRENT_DATE
);

CREATE INDEX invoices_by_customer ON invoices (customer_id, issued_on DESC);

CREATE INDEX lines_by_invoice ON lines (invoice_id);

CREATE INDEX payments_by_invoice ON payments (invoice_id);

CREATE VIEW open_invoices AS
SELECT invoices.id, invoices.number, customers.name AS customer, invoices.total_cents
FROM invoices JOIN customers ON customers.id = invoices.customer_id
WHERE invoices.status = 'sent';

CREATE TRIGGER lines_keep_total AFTER INSERT ON lines
BEGIN
    UPDATE invoices SET total_cents = total_cents + NEW.quantity * NEW.unit_cents WHERE id = NEW.invoice_id;
END;
