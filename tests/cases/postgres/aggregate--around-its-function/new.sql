CREATE FUNCTION add(state integer, b integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT state + b';
CREATE FUNCTION add(a text, b text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT a || b';
CREATE FUNCTION lower(state integer, b integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT least(state, b)';
CREATE AGGREGATE total(integer) (SFUNC = add, STYPE = integer, INITCOND = '0');
CREATE AGGREGATE lowest(integer) (SFUNC = lower, STYPE = integer);
CREATE TABLE t (a integer);
CREATE MATERIALIZED VIEW v AS SELECT total(a) AS total FROM t;
CREATE UNIQUE INDEX one ON v (total);
