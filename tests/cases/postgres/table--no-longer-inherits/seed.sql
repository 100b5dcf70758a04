INSERT INTO base VALUES (1, 'b'); INSERT INTO heir (id, own) VALUES (2, 3);
