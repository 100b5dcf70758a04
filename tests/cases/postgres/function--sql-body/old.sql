CREATE TABLE people (id integer PRIMARY KEY, name varchar(40), born date);
CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql RETURN a + 1;
CREATE FUNCTION g() RETURNS SETOF varchar LANGUAGE sql BEGIN ATOMIC SELECT name FROM people; END;
