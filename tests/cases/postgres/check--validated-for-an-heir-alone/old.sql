CREATE TABLE parent (id int, n int);
CREATE TABLE heir () INHERITS (parent);
CREATE TABLE below () INHERITS (heir);
