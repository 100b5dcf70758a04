INSERT INTO people VALUES (1, 'ok', 'Ann'), (2, 'bad', NULL);
