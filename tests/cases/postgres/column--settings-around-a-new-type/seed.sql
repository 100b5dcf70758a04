INSERT INTO t VALUES ('1', '2', 'a', 5);
