CREATE TABLE parent (a int);
CREATE TABLE t (a int, id serial, n int GENERATED ALWAYS AS IDENTITY) INHERITS (parent);
CREATE SEQUENCE "always logged" OWNED BY t.id;
