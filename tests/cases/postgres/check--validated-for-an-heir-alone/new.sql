CREATE TABLE parent (id int, n int);
ALTER TABLE parent ADD CONSTRAINT sane CHECK (id > 0) NOT VALID;
CREATE TABLE heir () INHERITS (parent);
CREATE TABLE below () INHERITS (heir);
