CREATE COLLATION plain (LOCALE = 'C');
CREATE TABLE t (id integer, name text);
CREATE INDEX i ON t (name);
