INSERT INTO t VALUES (1, 'x', '007', x'ff', 3, 1.5), (2, NULL, 'word', NULL, NULL, NULL);
