CREATE TYPE place AS (street text, number bigint);
CREATE FUNCTION f(p place) RETURNS text LANGUAGE sql AS 'SELECT p.street';
