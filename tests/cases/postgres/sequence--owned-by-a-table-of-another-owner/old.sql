CREATE TABLE t (id integer);
CREATE SEQUENCE counts;
ALTER TABLE t OWNER TO "app user";
