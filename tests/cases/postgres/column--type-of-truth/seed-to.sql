INSERT INTO t VALUES (0, false, true, '{1,0}', 'true');
