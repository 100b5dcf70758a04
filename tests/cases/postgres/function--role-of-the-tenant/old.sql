CREATE FUNCTION f() RETURNS name LANGUAGE sql SET role = none AS 'SELECT current_user';
