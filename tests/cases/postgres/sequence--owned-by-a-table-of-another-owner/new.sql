CREATE TABLE t (id integer);
CREATE SEQUENCE counts;
ALTER SEQUENCE counts OWNED BY t.id;
ALTER TABLE t OWNER TO "app user";
