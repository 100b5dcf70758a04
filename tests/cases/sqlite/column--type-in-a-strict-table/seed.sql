INSERT INTO t VALUES (1, '12', 5), (2, NULL, 'x');
