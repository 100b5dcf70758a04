INSERT INTO t VALUES (1, ROW('Elm', 5, 'X'));
