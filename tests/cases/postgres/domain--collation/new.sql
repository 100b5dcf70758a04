CREATE DOMAIN amount AS text COLLATE "C" CHECK (VALUE <> '');
CREATE TABLE t (id integer PRIMARY KEY, a amount);
