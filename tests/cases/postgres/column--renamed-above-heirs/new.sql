CREATE TABLE top (id integer, is_ integer);
CREATE TABLE t () INHERITS (top);
