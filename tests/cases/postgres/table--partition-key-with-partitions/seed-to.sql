INSERT INTO t VALUES ('a', 1), ('b', 2), ('b', 30); INSERT INTO t_c VALUES ('c', 3);
