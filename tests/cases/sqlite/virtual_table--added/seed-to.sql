INSERT INTO t VALUES (1); INSERT INTO search VALUES ('a', 'b'); INSERT INTO places VALUES (1, 0, 1, 'n');
