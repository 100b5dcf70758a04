INSERT INTO names VALUES (1, 'a'), (2, 'B');
