-- 1. Invoices have a day on which they are due.
ALTER TABLE invoices ADD COLUMN due_on date;

-- 2. No two customers share an address any more.
ALTER TABLE customers ADD CONSTRAINT customers_email_key UNIQUE (email);

-- 3. A payment says how it was made.
ALTER TABLE payments ADD COLUMN method text NOT NULL DEFAULT 'transfer' CHECK (method IN ('transfer', 'card', 'cash'));

-- 4. A line has a quantity above zero.
ALTER TABLE lines ADD CONSTRAINT lines_quantity_check CHECK (quantity > 0);

-- 5. Open invoices show when they are due.
CREATE OR REPLACE VIEW open_invoices AS
SELECT invoices.id, invoices.number, customers.name AS customer, invoices.total, invoices.due_on
FROM invoices JOIN customers ON customers.id = invoices.customer_id
WHERE invoices.status = 'sent';

-- 6. Money can be given back.
CREATE TABLE credit_notes (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    invoice_id bigint NOT NULL REFERENCES invoices,
    amount numeric(10, 2) NOT NULL CHECK (amount > 0),
    reason text,
    issued_on date NOT NULL DEFAULT CURRENT_DATE
);

CREATE INDEX credit_notes_by_invoice ON credit_notes (invoice_id);
