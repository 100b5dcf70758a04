INSERT INTO t VALUES (true, 0, 5, '{t,f}', false);
