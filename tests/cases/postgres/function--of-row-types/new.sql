CREATE TABLE people (id integer PRIMARY KEY, name varchar(40));
CREATE FUNCTION f(p people) RETURNS people LANGUAGE sql  AS $$ SELECT p $$;
CREATE FUNCTION g(p people[]) RETURNS SETOF people LANGUAGE sql  AS $$ SELECT * FROM people $$;
