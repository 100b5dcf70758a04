CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql  AS $$ SELECT a + 1 $$;
CREATE DOMAIN amount AS integer;
ALTER DOMAIN amount ADD CONSTRAINT c CHECK (f(VALUE) > 0);
CREATE TABLE t (id integer PRIMARY KEY, a amount);
