INSERT INTO parents VALUES (1, 'a', 'x'), (50, 'b', NULL); DELETE FROM parents WHERE id = 50; INSERT INTO parents VALUES (5, 'c', 'y'); INSERT INTO children VALUES (1, 1), (2, 5), (3, 5);
