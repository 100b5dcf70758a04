INSERT INTO people VALUES (1, 'Ann', 'x'), (2, NULL, NULL);
