CREATE COLLATION plain (LOCALE = 'POSIX');
CREATE TABLE t (id integer, name text COLLATE plain);
CREATE INDEX i ON t (name);
