INSERT INTO users VALUES (1, 1, 'a'), (2, 1, 'b'); INSERT INTO orders VALUES (1, 1, 'a'), (2, 1, 'b'), (NULL, NULL, NULL);
