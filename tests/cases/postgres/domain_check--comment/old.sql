CREATE DOMAIN amount AS integer;
ALTER DOMAIN amount ADD CONSTRAINT c CHECK (VALUE > 0);
CREATE TABLE t (id integer PRIMARY KEY, a amount);
