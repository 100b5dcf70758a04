CREATE TYPE place AS (street text, number integer);
CREATE FUNCTION f(p place) RETURNS text LANGUAGE sql AS 'SELECT p.street';
