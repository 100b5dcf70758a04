INSERT INTO orders VALUES ('new', 'x'), ('paid', NULL);
