CREATE DOMAIN amount AS text CHECK (VALUE <> '');
CREATE TABLE t (id integer PRIMARY KEY, a amount);
