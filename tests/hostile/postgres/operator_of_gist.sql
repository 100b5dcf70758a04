CREATE TYPE @name@ AS (x point);
CREATE FUNCTION @name@(@name@, @name@) RETURNS double precision LANGUAGE sql IMMUTABLE AS $x$ SELECT 0.0::double precision $x$;
CREATE FUNCTION @name:c@(internal, @name@, smallint, oid, internal) RETURNS boolean LANGUAGE internal IMMUTABLE AS 'gist_box_consistent';
CREATE FUNCTION @name:u@(internal, internal) RETURNS box LANGUAGE internal IMMUTABLE AS 'gist_box_union';
CREATE FUNCTION @name:n@(internal, internal, internal) RETURNS internal LANGUAGE internal IMMUTABLE AS 'gist_box_penalty';
CREATE FUNCTION @name:s@(internal, internal) RETURNS internal LANGUAGE internal IMMUTABLE AS 'gist_box_picksplit';
CREATE FUNCTION @name:q@(box, box, internal) RETURNS internal LANGUAGE internal IMMUTABLE AS 'gist_box_same';
CREATE FUNCTION @name:d@(internal, @name@, smallint, oid, internal) RETURNS double precision LANGUAGE internal IMMUTABLE AS 'gist_box_distance';
CREATE OPERATOR <%> (FUNCTION = @name@, LEFTARG = @name@, RIGHTARG = @name@);
CREATE DOMAIN @name:st@ AS box;
CREATE OPERATOR FAMILY @name:so@ USING btree;
CREATE OPERATOR CLASS @name:so@ FOR TYPE double precision USING btree FAMILY @name:so@ AS OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 btfloat8cmp(double precision, double precision);
CREATE OPERATOR CLASS @name@ FOR TYPE @name@ USING gist AS
    OPERATOR 15 <%> FOR ORDER BY @name:so@, FUNCTION 1 @name:c@(internal, @name@, smallint, oid, internal),
    FUNCTION 2 @name:u@(internal, internal), FUNCTION 5 @name:n@(internal, internal, internal),
    FUNCTION 6 @name:s@(internal, internal), FUNCTION 7 @name:q@(box, box, internal),
    FUNCTION 8 @name:d@(internal, @name@, smallint, oid, internal), STORAGE @name:st@;
CREATE FUNCTION @name:e@(@name@, point) RETURNS double precision LANGUAGE sql IMMUTABLE AS $x$ SELECT 0.0::double precision $x$;
CREATE OPERATOR <%> (FUNCTION = @name:e@, LEFTARG = @name@, RIGHTARG = point);
ALTER OPERATOR FAMILY @name@ USING gist ADD OPERATOR 15 <%> (@name@, point) FOR ORDER BY @name:so@;
