INSERT INTO t VALUES (1, '[1,3)', '[1,3)', '{[1,3)}'), (2, NULL, NULL, NULL);
