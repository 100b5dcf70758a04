CREATE COLLATION plain (LOCALE = 'POSIX');
CREATE TABLE t (id integer, name text COLLATE plain DEFAULT 'x', twice text COLLATE plain GENERATED ALWAYS AS (name || name) STORED, CHECK (name < 'z'));
CREATE UNIQUE INDEX i ON t (name);
CREATE INDEX j ON t (id, name COLLATE plain);
CREATE TYPE pair AS (a text COLLATE plain);
CREATE DOMAIN word AS text COLLATE plain;
CREATE TABLE u (p pair, w word);
CREATE VIEW v AS SELECT id, name COLLATE plain AS n FROM t;
