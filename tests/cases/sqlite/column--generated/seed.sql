INSERT INTO t (a, c) VALUES (1, 5), (2, 6);
