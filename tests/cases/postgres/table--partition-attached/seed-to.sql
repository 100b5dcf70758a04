INSERT INTO kinds VALUES (1), (2); INSERT INTO logs VALUES (1, '2024-01-05', 'one'), (2, '2023-01-05', 'two');
