INSERT INTO logs VALUES (1, '2024-01-05', 'one'), (2, '2024-02-15', 'two'), (3, '2025-01-01', 'x');
