INSERT INTO customers (id, name, email) VALUES (1, 'Ada', 'ada@example.com'), (2, 'Grace', 'grace@example.com');

INSERT INTO invoices (id, customer_id, number, status, issued_on)
VALUES (1, 1, '2026-001', 'sent', '2026-03-01'), (2, 2, '2026-002', 'paid', '2026-03-09');

INSERT INTO lines (invoice_id, description, quantity, unit_cents)
VALUES (1, 'Consulting', 8, 9000), (1, 'Travel', 1, 12500), (2, 'Support', 12, 4900);

INSERT INTO payments (invoice_id, amount_cents) VALUES (2, 58800);
