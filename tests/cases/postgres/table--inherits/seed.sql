INSERT INTO base VALUES (1, 'b'); INSERT INTO loose VALUES (2, 'l', 3);
