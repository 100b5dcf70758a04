INSERT INTO t VALUES ('1970-01-02', 1, 'x', 'y');
