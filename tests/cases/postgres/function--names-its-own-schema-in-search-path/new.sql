CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE PROCEDURE p() LANGUAGE sql AS 'SELECT 1';
DO $$ BEGIN EXECUTE format('ALTER FUNCTION f() SET search_path = %I, public, pg_temp', current_schema); EXECUTE format('ALTER PROCEDURE p() SET search_path = public, %I', current_schema); END $$;
