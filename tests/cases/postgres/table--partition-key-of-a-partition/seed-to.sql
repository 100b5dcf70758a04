INSERT INTO t (kind, id) VALUES ('a', 1), ('b', 2), ('b', 30);
