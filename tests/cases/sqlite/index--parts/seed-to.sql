INSERT INTO t VALUES (1, 'x', 'X'), (2, 'y', NULL);
