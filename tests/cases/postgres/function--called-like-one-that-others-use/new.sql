CREATE TYPE span AS RANGE (SUBTYPE = double precision, SUBTYPE_DIFF = float8mi);
CREATE AGGREGATE total(integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '0');
CREATE TABLE t (id integer PRIMARY KEY, s span);
CREATE FUNCTION float8mi(a text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT a';
CREATE FUNCTION int4pl(a text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT a';
