ALTER TABLE invoices ADD COLUMN due_on date;

ALTER TABLE customers ADD CONSTRAINT customers_email_key UNIQUE (email);
