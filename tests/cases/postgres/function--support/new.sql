CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql SUPPORT generate_series_int4_support AS $$ SELECT a + 1 $$;
