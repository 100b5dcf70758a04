CREATE FUNCTION same(a text, b text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT lower(a) OPERATOR(pg_catalog.=) lower(b)';
CREATE FUNCTION same(a integer, b integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT a % 10 OPERATOR(pg_catalog.=) b % 10';
CREATE FUNCTION "Other one"(a text, b text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT lower(a) OPERATOR(pg_catalog.<>) lower(b)';

CREATE FUNCTION below(a text, b integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT length(a) < b';
CREATE FUNCTION above(a integer, b text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT length(b) < a';
CREATE OPERATOR <~ (FUNCTION = below, LEFTARG = text, RIGHTARG = integer);
CREATE OPERATOR >~ (FUNCTION = above, LEFTARG = integer, RIGHTARG = text, COMMUTATOR = <~);
