CREATE PROCEDURE p(a integer) LANGUAGE sql SET lock_timeout = '1s' AS $$ SELECT 1 $$;
