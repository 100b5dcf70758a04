CREATE FUNCTION last(state integer, value integer) RETURNS integer LANGUAGE sql AS 'SELECT value';
CREATE FUNCTION done(state integer, value integer) RETURNS integer LANGUAGE sql AS 'SELECT state';
CREATE FUNCTION done(state integer) RETURNS integer LANGUAGE sql AS 'SELECT state';
CREATE AGGREGATE last(integer) (SFUNC = last, STYPE = integer, FINALFUNC = done);
