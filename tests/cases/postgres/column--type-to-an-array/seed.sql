INSERT INTO t VALUES (1, NULL, 'sad', '{a,b}');
