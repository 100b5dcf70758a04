INSERT INTO t (kind, id, must, bare) VALUES ('a', 1, 'm', 1), ('b', 2, 'm', 2);
