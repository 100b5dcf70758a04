INSERT INTO parents VALUES (1, 'a', 'x'), (5, 'c', 'y'); INSERT INTO children VALUES (1, 1), (2, 5);
