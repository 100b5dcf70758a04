CREATE TYPE place AS (x double precision);
CREATE FUNCTION distance(a place, b place) RETURNS double precision LANGUAGE sql IMMUTABLE AS 'SELECT abs((a).x - (b).x)';
CREATE FUNCTION distance(a place, b point) RETURNS double precision LANGUAGE sql IMMUTABLE AS 'SELECT abs((a).x - b[0])';
CREATE OPERATOR <%> (FUNCTION = distance, LEFTARG = place, RIGHTARG = place);
CREATE OPERATOR <%> (FUNCTION = distance, LEFTARG = place, RIGHTARG = point);
