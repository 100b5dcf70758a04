CREATE DOMAIN amount AS integer;
COMMENT ON DOMAIN amount IS 'n';
CREATE TABLE t (id integer PRIMARY KEY, a amount);
