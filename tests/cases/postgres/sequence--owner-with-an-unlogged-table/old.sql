CREATE TABLE t (id int, n int, m int);
CREATE TABLE u (id int);
CREATE SEQUENCE leaves OWNED BY t.id;
CREATE SEQUENCE arrives OWNED BY u.id;
CREATE SEQUENCE "moves %" OWNED BY t.id;
CREATE SEQUENCE freed OWNED BY t.m;
CREATE SEQUENCE taken;
