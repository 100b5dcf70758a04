INSERT INTO t VALUES (1, (1, 'x'), ROW((2, 'y')::pair), 'z');
