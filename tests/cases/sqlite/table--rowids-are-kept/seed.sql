INSERT INTO t (rowid, name, n) VALUES (5, 'a', 1), (3, 'b', 2); DELETE FROM t WHERE rowid = 3; INSERT INTO t (rowid, name) VALUES (77, 'c'); INSERT INTO shadowed (oid, rowid, n) VALUES (4, 'x', 'y');
