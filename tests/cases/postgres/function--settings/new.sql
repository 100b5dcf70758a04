CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql SET search_path TO public, pg_temp SET "app.user" TO 'it''s' AS $$ SELECT a + 1 $$;
