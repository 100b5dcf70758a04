CREATE TABLE parent (id int, n int);
CREATE TABLE heir () INHERITS (parent);
ALTER TABLE parent ADD CONSTRAINT sane CHECK (id > 0) NOT VALID;
CREATE TABLE other () INHERITS (parent);
