INSERT INTO t VALUES ('{"a": 1}', '[1]', 5, '7', NULL);
