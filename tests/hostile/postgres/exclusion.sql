CREATE COLLATION @name:l@ (LOCALE = 'C');
CREATE FUNCTION @name:f@(text) RETURNS text LANGUAGE sql IMMUTABLE AS $x$ SELECT $1 $x$;
CREATE TABLE @name:t@ (
    @name@ text, @name:r@ int4range,
    CONSTRAINT @name@ EXCLUDE USING btree (
        (@name@ || @text:expression@) COLLATE @name:l@ WITH =, @name:f@(@name@) WITH =, @name@ WITH =)
        WHERE (@name@ <> @text:where@)
);
COMMENT ON CONSTRAINT @name@ ON @name:t@ IS @text:comment@;
