INSERT INTO t (id, a) VALUES (1, 'k'), (2, NULL);
