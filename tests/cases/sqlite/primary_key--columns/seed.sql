INSERT INTO t VALUES (1, 'x', 5), (1, 'y', 5);
