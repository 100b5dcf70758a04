CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql SET search_path FROM CURRENT AS $$ SELECT a + 1 $$;
