CREATE EXTENSION vector;
CREATE TABLE t (id integer PRIMARY KEY, v vector(3) DEFAULT '[1,2,3]'::vector, l integer);
CREATE INDEX i ON t USING hnsw (v vector_l2_ops);
CREATE FUNCTION near(a vector) RETURNS vector LANGUAGE sql AS 'SELECT a';
CREATE VIEW w AS SELECT id, v <-> '[0,0,0]'::vector AS d FROM t;
