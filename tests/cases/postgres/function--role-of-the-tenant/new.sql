DO $$ BEGIN EXECUTE format('CREATE FUNCTION f() RETURNS name LANGUAGE sql SET role = %I AS ''SELECT current_user''', current_schema() || '_app'); END $$;
CREATE PROCEDURE p() LANGUAGE sql SET role = "{app}" AS 'SELECT 1';
