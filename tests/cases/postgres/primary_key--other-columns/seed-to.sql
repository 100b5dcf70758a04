INSERT INTO lines VALUES (1, 1, 'x'), (1, 2, 'y');
