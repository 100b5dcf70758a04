CREATE TABLE t (id integer);
CREATE FUNCTION g(n integer) RETURNS integer LANGUAGE sql AS 'SELECT n';
