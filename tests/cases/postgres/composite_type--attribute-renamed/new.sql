CREATE TYPE pair AS (a integer, "select" text);
COMMENT ON COLUMN pair."select" IS 'c';
CREATE TYPE outer_pair AS (p pair);
CREATE TABLE t (id integer PRIMARY KEY, p pair CHECK ((p)."select" <> ''), o outer_pair, b text);
CREATE INDEX i ON t (((p)."select"));
CREATE VIEW v AS SELECT id, (p)."select" AS one, b AS again FROM t;
CREATE FUNCTION f(p pair) RETURNS text LANGUAGE sql RETURN (p)."select";
