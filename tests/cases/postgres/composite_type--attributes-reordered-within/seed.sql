INSERT INTO t VALUES (1, ARRAY[ROW('Elm', 5), NULL]::place[], ROW('Fir', 6),
                      ARRAY[ROW('Long', ARRAY[ROW('Ash', 7)]::place[])]::road[]);
INSERT INTO t VALUES (2, NULL, NULL, '{}'), (3, DEFAULT, ROW(NULL, NULL), NULL);
