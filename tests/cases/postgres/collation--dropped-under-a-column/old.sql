CREATE COLLATION plain (LOCALE = 'C');
CREATE TABLE t (id integer, name text COLLATE plain);
