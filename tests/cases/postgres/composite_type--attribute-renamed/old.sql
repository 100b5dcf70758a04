CREATE TYPE pair AS (a integer, "b" text);
COMMENT ON COLUMN pair."b" IS 'c';
CREATE TYPE outer_pair AS (p pair);
CREATE TABLE t (id integer PRIMARY KEY, p pair CHECK ((p)."b" <> ''), o outer_pair, b text);
CREATE INDEX i ON t (((p)."b"));
CREATE VIEW v AS SELECT id, (p)."b" AS one, b AS again FROM t;
CREATE FUNCTION f(p pair) RETURNS text LANGUAGE sql RETURN (p)."b";
