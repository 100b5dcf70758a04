INSERT INTO t (id, b) VALUES (1, 9);
