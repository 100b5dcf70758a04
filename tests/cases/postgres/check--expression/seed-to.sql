INSERT INTO orders VALUES ('new'), ('paid');
