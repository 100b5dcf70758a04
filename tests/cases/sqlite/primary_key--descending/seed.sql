INSERT INTO t (rowid, id, a) VALUES (3, 3, 1); INSERT INTO u VALUES (8, 1);
