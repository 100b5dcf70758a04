CREATE DOMAIN amount AS integer;
CREATE TABLE t (id integer PRIMARY KEY, a amount);
CREATE VIEW v AS SELECT a FROM t;
