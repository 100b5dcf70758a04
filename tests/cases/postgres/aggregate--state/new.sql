CREATE FUNCTION add(a integer, b integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT a + b';
CREATE FUNCTION "sub ""it"(a integer, b integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT a - b';
CREATE FUNCTION twice(a integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT a * 2';
CREATE AGGREGATE total(integer) (SFUNC = add, STYPE = integer);
CREATE TABLE t (a integer);
CREATE VIEW v AS SELECT total(a) AS total FROM t;
