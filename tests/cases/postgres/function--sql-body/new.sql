CREATE TABLE people (id integer PRIMARY KEY, name varchar(50), born date);
CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql RETURN a + 2;
CREATE FUNCTION g() RETURNS SETOF varchar LANGUAGE sql BEGIN ATOMIC SELECT name FROM people; END;
