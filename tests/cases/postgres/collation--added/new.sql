CREATE COLLATION plain (LOCALE = 'C');
CREATE COLLATION "odd ""one" (LC_COLLATE = 'C', LC_CTYPE = 'POSIX');
COMMENT ON COLLATION plain IS 'by bytes';
CREATE TABLE t (id integer, name text COLLATE plain, more varchar(10) COLLATE "odd ""one");
CREATE INDEX i ON t (name COLLATE "odd ""one");
CREATE TYPE pair AS (a text COLLATE plain);
CREATE DOMAIN word AS text COLLATE plain;
CREATE VIEW v AS SELECT name COLLATE pg_catalog."C" AS a, more COLLATE plain AS b FROM t ORDER BY (name COLLATE "odd ""one");
