CREATE TABLE t (name TEXT, n CLOB);
CREATE TABLE shadowed (rowid TEXT, n CLOB);
