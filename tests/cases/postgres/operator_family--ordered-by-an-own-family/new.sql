CREATE TYPE place AS (x double precision);
CREATE FUNCTION distance(a place, b place) RETURNS double precision LANGUAGE sql IMMUTABLE AS 'SELECT abs((a).x - (b).x)';
CREATE FUNCTION distance(a place, b point) RETURNS double precision LANGUAGE sql IMMUTABLE AS 'SELECT abs((a).x - b[0])';
CREATE OPERATOR <%> (FUNCTION = distance, LEFTARG = place, RIGHTARG = place);
CREATE OPERATOR <%> (FUNCTION = distance, LEFTARG = place, RIGHTARG = point);
CREATE OPERATOR FAMILY sorted USING btree;
CREATE OPERATOR CLASS sorted FOR TYPE double precision USING btree FAMILY sorted AS
    OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >,
    FUNCTION 1 btfloat8cmp(double precision, double precision);
CREATE OPERATOR FAMILY "as far" USING gist;
ALTER OPERATOR FAMILY "as far" USING gist ADD
    OPERATOR 15 <%> (place, place) FOR ORDER BY sorted, OPERATOR 15 <%> (place, point) FOR ORDER BY sorted;
