INSERT INTO r VALUES (1), (2); INSERT INTO t VALUES ('a', 1), ('b', 2);
