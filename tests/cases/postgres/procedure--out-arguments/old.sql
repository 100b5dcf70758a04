CREATE PROCEDURE p(OUT a integer, b text) LANGUAGE sql  AS $$ SELECT 1 $$;
