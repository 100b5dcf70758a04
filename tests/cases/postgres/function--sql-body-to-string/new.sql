CREATE TABLE people (id integer PRIMARY KEY, name varchar(40), born date);
CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql  AS $$ SELECT a + 1 $$;
