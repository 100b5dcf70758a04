INSERT INTO base VALUES (1, 2); INSERT INTO heir (id, own) VALUES (2, 3);
