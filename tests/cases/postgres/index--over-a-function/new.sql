CREATE TABLE t (a int); CREATE FUNCTION twice(n int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT n * 2'; CREATE INDEX t_twice ON t (twice(a)) WHERE twice(a) > 0;
