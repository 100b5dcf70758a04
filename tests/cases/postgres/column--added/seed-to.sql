INSERT INTO t (id, plain) VALUES (1, 'One'), (2, NULL);
