CREATE TABLE people (id integer PRIMARY KEY, name varchar(40), born date);
CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql  AS $$ SELECT a + 1 $$;
CREATE FUNCTION f(a text) RETURNS integer LANGUAGE sql  AS $$ SELECT 1 $$;
COMMENT ON FUNCTION f(text) IS 'of text';
CREATE FUNCTION "tot al"(OUT a integer, INOUT "b c" text DEFAULT 'x''y', VARIADIC rest numeric[] DEFAULT '{}') LANGUAGE plpgsql AS $body$ BEGIN a := 1; -- $f$
END $body$;
