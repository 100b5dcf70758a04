INSERT INTO t VALUES (1, 'x', 5), (2, 'x', 6);
