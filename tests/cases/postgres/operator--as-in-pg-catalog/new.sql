CREATE TABLE t (a text);
CREATE FUNCTION textcat(a text, b text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT pg_catalog.concat(a, b)';
CREATE OPERATOR || (FUNCTION = textcat, LEFTARG = text, RIGHTARG = text);
CREATE FUNCTION eq(a text, b text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT pg_catalog.texteq(a, b)';
CREATE OPERATOR = (FUNCTION = eq, LEFTARG = text, RIGHTARG = text);
