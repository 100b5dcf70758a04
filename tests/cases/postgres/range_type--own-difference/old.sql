CREATE FUNCTION d(a double precision, b double precision) RETURNS double precision LANGUAGE sql IMMUTABLE AS 'SELECT a - b';
CREATE FUNCTION float8mi(a double precision, b double precision) RETURNS double precision LANGUAGE sql IMMUTABLE AS 'SELECT a - b';
CREATE TYPE span AS RANGE (SUBTYPE = double precision, SUBTYPE_DIFF = d);
CREATE TABLE t (id integer PRIMARY KEY, s span, many span_multirange, CHECK (NOT isempty(s)));
CREATE INDEX i ON t USING gist (s);
CREATE VIEW v AS SELECT id, s FROM t;
