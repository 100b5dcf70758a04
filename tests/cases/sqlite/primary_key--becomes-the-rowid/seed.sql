INSERT INTO t (rowid, id, b) VALUES (1, 1, 2), (9, 9, 3);
