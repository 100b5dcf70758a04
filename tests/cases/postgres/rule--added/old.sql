CREATE TABLE t (id integer, a text);
CREATE TABLE log (id integer, what text);
