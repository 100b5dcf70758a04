INSERT INTO t VALUES (1, ARRAY[ROW(5, 'Elm'), NULL]::place[], ROW(6, 'Fir'),
                      ARRAY[ROW('Long', ARRAY[ROW(7, 'Ash')]::place[])]::road[]);
INSERT INTO t VALUES (2, NULL, NULL, '{}'), (3, DEFAULT, ROW(NULL, NULL), NULL);
