CREATE TABLE customers (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    email text,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TYPE invoice_status AS ENUM ('draft', 'sent', 'paid');

CREATE TABLE invoices (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id bigint NOT NULL REFERENCES customers,
    number text NOT NULL UNIQUE,
    status invoice_status NOT NULL DEFAULT 'draft',
    issued_on date,
    total numeric(10, 2) NOT NULL DEFAULT 0
);

COMMENT ON COLUMN invoices.total IS 'The sum of the lines; a trigger keeps it.';

CREATE TABLE lines (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    invoice_id bigint NOT NULL REFERENCES invoices ON DELETE CASCADE,
    description text NOT NULL,
    quantity integer NOT NULL,
    unit_price numeric(10, 2) NOT NULL
);

CREATE TABLE payments (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    invoice_id bigint NOT NULL REFERENCES invoices,
    amount numeric(10, 2) NOT NULL CHECK (amount > 0),
    paid_on date NOT NULL DEFAULT CURRENT_DATE
);

CREATE INDEX invoices_by_customer ON invoices (customer_id, issued_on DESC);

CREATE INDEX lines_by_invoice ON lines (invoice_id);

CREATE INDEX payments_by_invoice ON payments (invoice_id);

CREATE VIEW open_invoices AS
SELECT invoices.id, invoices.number, customers.name AS customer, invoices.total
FROM invoices JOIN customers ON customers.id = invoices.customer_id
WHERE invoices.status = 'sent';

CREATE FUNCTION keep_total() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE invoices SET total = total + NEW.quantity * NEW.unit_price WHERE id = NEW.invoice_id;
    RETURN NEW;
END
$$;

CREATE TRIGGER lines_keep_total AFTER INSERT ON lines FOR EACH ROW EXECUTE FUNCTION keep_total();
