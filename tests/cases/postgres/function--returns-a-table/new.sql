CREATE TYPE colour AS ENUM ('red');
CREATE FUNCTION f() RETURNS TABLE(id integer, "Colour" colour, more text) LANGUAGE sql  AS $$ SELECT 1, 'red'::colour, 'x' $$;
