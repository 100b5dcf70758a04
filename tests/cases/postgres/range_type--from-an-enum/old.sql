CREATE TYPE span AS ENUM ('[1,2)', '[3,5)');
CREATE TABLE t (id integer, s span);
