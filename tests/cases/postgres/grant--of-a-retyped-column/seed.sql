INSERT INTO people VALUES (7, 'Ann'), (9, NULL);
