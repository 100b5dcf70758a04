INSERT INTO orders VALUES (1, 'x');
INSERT INTO child VALUES ('y');
