CREATE PROCEDURE p(OUT a bigint, b text) LANGUAGE sql  AS $$ SELECT 1::bigint $$;
