CREATE TABLE base (id integer, CONSTRAINT is_ CHECK (id > 0));
CREATE TABLE heir () INHERITS (base);
