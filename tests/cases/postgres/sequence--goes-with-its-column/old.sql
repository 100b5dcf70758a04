CREATE TABLE t (id serial, n int);
