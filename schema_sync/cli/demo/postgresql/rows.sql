INSERT INTO customers (name, email) VALUES ('Ada', 'ada@example.com'), ('Grace', 'grace@example.com');

INSERT INTO invoices (customer_id, number, status, issued_on)
SELECT id, '2026-00' || id, CASE name WHEN 'Ada' THEN 'sent' ELSE 'paid' END::invoice_status, '2026-03-01' FROM customers;

INSERT INTO lines (invoice_id, description, quantity, unit_price)
SELECT id, 'Consulting', 8, 90.00 FROM invoices UNION ALL SELECT id, 'Travel', 1, 125.00 FROM invoices;

INSERT INTO payments (invoice_id, amount) SELECT id, total FROM invoices WHERE status = 'paid';
