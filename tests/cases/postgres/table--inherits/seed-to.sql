INSERT INTO base VALUES (1, 'b'); INSERT INTO loose VALUES (2, 'l', 3); INSERT INTO heir (id, own) VALUES (4, 5); INSERT INTO second (id) VALUES (6);
