INSERT INTO people VALUES (7, 1, 'Ann'), (9, 2, NULL);
