INSERT INTO t (rowid, a, b) VALUES (5, 1, 2), (9, 1, 3);
