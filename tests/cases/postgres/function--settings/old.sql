CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql SET search_path TO '' SET work_mem = '2MB' AS $$ SELECT a + 1 $$;
