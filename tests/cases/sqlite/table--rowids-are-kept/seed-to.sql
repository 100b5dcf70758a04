INSERT INTO t (rowid, name) VALUES (77, 'c'); INSERT INTO shadowed (oid, rowid, n) VALUES (4, 'x', 'y');
