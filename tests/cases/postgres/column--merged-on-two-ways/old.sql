CREATE TABLE root (id integer);
CREATE TABLE a () INHERITS (root);
CREATE TABLE b () INHERITS (root);
CREATE TABLE both_of_them (own integer) INHERITS (a, b);
