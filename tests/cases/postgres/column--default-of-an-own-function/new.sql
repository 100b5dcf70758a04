CREATE FUNCTION steady(n integer) RETURNS integer LANGUAGE sql STABLE AS 'SELECT n';
CREATE FUNCTION "Moody"(n integer) RETURNS integer LANGUAGE plpgsql VOLATILE AS 'BEGIN RETURN n; END';
CREATE TABLE t (id integer PRIMARY KEY, a integer DEFAULT steady(1));
CREATE TABLE u (id integer PRIMARY KEY);
