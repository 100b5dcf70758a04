CREATE TABLE root (id bigint, v text DEFAULT 'v', CHECK (id > 0));
CREATE TABLE a () INHERITS (root);
CREATE TABLE b () INHERITS (root);
CREATE TABLE both_of_them (own integer) INHERITS (a, b);
