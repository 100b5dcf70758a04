CREATE TABLE people (id integer PRIMARY KEY, name varchar(40), "a""b" text);
CREATE FUNCTION f(integer) RETURNS integer LANGUAGE sql RETURN $1;
REVOKE INSERT ON people FROM CURRENT_USER;
