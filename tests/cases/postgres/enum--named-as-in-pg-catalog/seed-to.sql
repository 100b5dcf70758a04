INSERT INTO t VALUES (1, 'small', 'late'), (2, NULL, NULL);
