CREATE FUNCTION z_inner(integer) RETURNS integer LANGUAGE plpgsql AS 'BEGIN RETURN $1 + 1; END';
CREATE FUNCTION a_outer(integer) RETURNS integer LANGUAGE plpgsql AS 'BEGIN RETURN z_inner($1); END';
CREATE TABLE t (id int PRIMARY KEY, n integer NOT NULL DEFAULT a_outer(1));
