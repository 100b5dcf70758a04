CREATE TABLE t (id int);
COMMENT ON TABLE t IS E'new\nand ''longer'' \\ {brace} %s';
CREATE TABLE u (id int);
COMMENT ON TABLE u IS 'first';
