CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql STRICT AS $$ SELECT a + 1 $$;
