CREATE TABLE t (name TEXT, n TEXT);
CREATE TABLE shadowed (rowid TEXT, n TEXT);
