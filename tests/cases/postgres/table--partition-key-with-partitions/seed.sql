INSERT INTO t_a VALUES ('a', 1); INSERT INTO t VALUES ('b', 2), ('b', 30); INSERT INTO apart VALUES ('x', 1500);
