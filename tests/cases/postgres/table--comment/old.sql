CREATE TABLE t (id int);
COMMENT ON TABLE t IS 'old';
CREATE TABLE u (id int);
