INSERT INTO logs VALUES (1, '2024-01-05', 'one'), (2, '2024-02-05', 'two'); INSERT INTO seen VALUES (1, '2024-01-05');
