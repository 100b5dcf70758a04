INSERT INTO parent VALUES (1, 'a');
INSERT INTO child VALUES (2, 'c', 3);
INSERT INTO orders VALUES (1, 'c');
