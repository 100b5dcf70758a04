CREATE FUNCTION f(a integer) RETURNS bigint LANGUAGE sql  AS $$ SELECT a + 1 $$;
CREATE TABLE t (id integer, n integer DEFAULT f(1));
