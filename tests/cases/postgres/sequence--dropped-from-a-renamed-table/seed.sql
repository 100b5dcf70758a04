INSERT INTO was (n) VALUES (1), (2);
