INSERT INTO t VALUES (1, 'x', 7, x'ff', 3.5, 1.5);
