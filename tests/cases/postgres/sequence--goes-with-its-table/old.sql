CREATE TABLE u (n int); CREATE TABLE t (id bigserial PRIMARY KEY, n int);
