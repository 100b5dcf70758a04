CREATE FUNCTION same(a text, b text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT lower(a) OPERATOR(pg_catalog.=) lower(b)';
CREATE FUNCTION same(a integer, b integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT a % 10 OPERATOR(pg_catalog.=) b % 10';
CREATE FUNCTION "Other one"(a text, b text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT lower(a) OPERATOR(pg_catalog.<>) lower(b)';

CREATE OPERATOR =~= (FUNCTION = "Other one", LEFTARG = text, RIGHTARG = text);
CREATE TABLE "t %" (id integer PRIMARY KEY, a text, b text, same boolean GENERATED ALWAYS AS (a =~= b) STORED,
    CHECK (a IS NULL OR NOT a =~= a));
CREATE INDEX i ON "t %" (id) WHERE a =~= b;
CREATE VIEW v AS SELECT id FROM "t %" WHERE a =~= 'x';
