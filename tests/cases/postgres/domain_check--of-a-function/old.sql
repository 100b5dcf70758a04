CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql  AS $$ SELECT a + 1 $$;
CREATE DOMAIN amount AS integer;
CREATE TABLE t (id integer PRIMARY KEY, a amount);
