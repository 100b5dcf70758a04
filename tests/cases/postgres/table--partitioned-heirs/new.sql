CREATE TABLE base (id integer);
CREATE TABLE mid (note text, id integer) INHERITS (base);
CREATE TABLE leaf (more text) INHERITS (mid);
