INSERT INTO customers VALUES (1, 'a@example.org', 'Ann'), (7, 'b@example.org', NULL);
