INSERT INTO typed VALUES (1, 'b', 3);
