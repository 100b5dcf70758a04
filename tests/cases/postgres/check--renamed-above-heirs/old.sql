CREATE TABLE base (id integer, CONSTRAINT was CHECK (id > 0));
CREATE TABLE heir () INHERITS (base);
