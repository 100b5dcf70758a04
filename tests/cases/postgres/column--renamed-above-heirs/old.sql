CREATE TABLE top (id integer, was integer);
CREATE TABLE t () INHERITS (top);
