INSERT INTO t VALUES ('b', 'x'), ('a', 'y');
