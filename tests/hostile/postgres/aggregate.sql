CREATE TYPE @name@ AS (@name@ text);
CREATE FUNCTION @name:s@(@name@, @name@) RETURNS @name@ LANGUAGE sql IMMUTABLE AS $x$ SELECT $1 $x$;
CREATE FUNCTION @name:f@(@name@) RETURNS @name@ LANGUAGE sql IMMUTABLE AS $x$ SELECT $1 $x$;
CREATE AGGREGATE @name@(@name@ @name@) (
    SFUNC = @name:s@, STYPE = @name@, FINALFUNC = @name:f@, COMBINEFUNC = @name:s@, INITCOND = @composite@,
    MSFUNC = @name:s@, MINVFUNC = @name:s@, MSTYPE = @name@, MFINALFUNC = @name:f@, MINITCOND = @composite@
);
COMMENT ON AGGREGATE @name@(@name@) IS @text:comment@;
CREATE FUNCTION @name:ser@(internal) RETURNS bytea LANGUAGE internal STRICT IMMUTABLE AS 'numeric_avg_serialize';
CREATE FUNCTION @name:des@(bytea, internal) RETURNS internal LANGUAGE internal STRICT IMMUTABLE AS 'numeric_avg_deserialize';
CREATE FUNCTION @name:acc@(internal, numeric) RETURNS internal LANGUAGE internal IMMUTABLE AS 'numeric_avg_accum';
CREATE FUNCTION @name:com@(internal, internal) RETURNS internal LANGUAGE internal IMMUTABLE AS 'numeric_avg_combine';
CREATE FUNCTION @name:fin@(internal) RETURNS numeric LANGUAGE internal IMMUTABLE AS 'numeric_avg';
CREATE AGGREGATE @name@(numeric) (SFUNC = @name:acc@, STYPE = internal, FINALFUNC = @name:fin@, COMBINEFUNC = @name:com@, SERIALFUNC = @name:ser@, DESERIALFUNC = @name:des@);
