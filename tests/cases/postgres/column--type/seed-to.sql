INSERT INTO t VALUES (1, 'a', 3, 2.25, '{3}');
