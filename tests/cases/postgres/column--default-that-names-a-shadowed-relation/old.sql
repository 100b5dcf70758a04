CREATE TABLE t (id integer, r regclass);
CREATE TABLE pg_class (id integer);
CREATE SEQUENCE pg_type;
