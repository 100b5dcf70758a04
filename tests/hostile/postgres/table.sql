-- Tables, and what belongs to them.
CREATE FUNCTION @name:f@(text) RETURNS text LANGUAGE sql IMMUTABLE AS $x$ SELECT $1 $x$;
CREATE TYPE @name:t@ AS ENUM (@label:second@, @name-text@);
CREATE COLLATION @name@ (LOCALE = 'C');
CREATE COLLATION @name:l@ (LOCALE = 'C');
CREATE TABLE @name@ (
    @name@ text COLLATE @name@ DEFAULT @text:default@ NOT NULL,
    @name:c@ @name:t@ DEFAULT @label:second@,
    @name:g@ text GENERATED ALWAYS AS (@name:f@(@name@) || @text:generated@) STORED,
    @name:i@ integer GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME @name:q@),
    @name:r@ int4range,
    CONSTRAINT @name:pk@ PRIMARY KEY (@name@) INCLUDE (@name:c@),
    CONSTRAINT @name:uq@ UNIQUE (@name:c@, @name@) INCLUDE (@name:i@),
    CONSTRAINT @name@ CHECK (@name@ <> @text:check@ AND @name:f@(@name@) <> @text@),
    CONSTRAINT @name:ex@ EXCLUDE USING gist (@name:r@ WITH &&) INCLUDE (@name:i@) WHERE (@name@ <> @text:where@)
);
COMMENT ON TABLE @name@ IS @text:comment@;
COMMENT ON COLUMN @name@.@name@ IS @text:comment@;
COMMENT ON SEQUENCE @name:q@ IS @text:comment@;
COMMENT ON CONSTRAINT @name@ ON @name@ IS @text:comment@;
COMMENT ON CONSTRAINT @name:pk@ ON @name@ IS @text:comment@;
COMMENT ON CONSTRAINT @name:uq@ ON @name@ IS @text:comment@;
COMMENT ON CONSTRAINT @name:ex@ ON @name@ IS @text:comment@;
COMMENT ON INDEX @name:pk@ IS @text:of-the-index@;
COMMENT ON INDEX @name:uq@ IS @text:of-the-index@;
COMMENT ON INDEX @name:ex@ IS @text:of-the-index@;
CREATE INDEX @name:ix@ ON @name@ USING btree (@name@ COLLATE @name:l@, @name:f@(@name@), (@name@ || @text:expression@) COLLATE @name@ DESC)
    INCLUDE (@name:i@) WHERE @name@ <> @text:where@;
COMMENT ON INDEX @name:ix@ IS @text:comment@;
CREATE STATISTICS @name@ ON @name@, @name:c@, (@name@ || @text:expression@) FROM @name@;
COMMENT ON STATISTICS @name@ IS @text:comment@;
CREATE POLICY @name@ ON @name@ TO @role@ USING (@name@ <> @text:using@) WITH CHECK (@name@ <> @text:check@);
COMMENT ON POLICY @name@ ON @name@ IS @text:comment@;
CREATE RULE @name@ AS ON DELETE TO @name@ WHERE old.@name@ <> @text:rule@
    DO ALSO INSERT INTO @name@ (@name@) VALUES (@text:rule@);
COMMENT ON RULE @name@ ON @name@ IS @text:comment@;

CREATE UNIQUE INDEX @name:ri@ ON @name@ (@name@);
ALTER TABLE @name@ REPLICA IDENTITY USING INDEX @name:ri@;
ALTER TABLE @name@ CLUSTER ON @name:ri@;
CREATE TABLE @name:fk@ (
    @name@ text, @name:c@ @name:t@,
    CONSTRAINT @name@ FOREIGN KEY (@name:c@, @name@) REFERENCES @name@ (@name:c@, @name@)
        ON DELETE SET NULL (@name@)
);
COMMENT ON CONSTRAINT @name@ ON @name:fk@ IS @text:comment@;
GRANT SELECT ON @name@ TO @role@ WITH GRANT OPTION;
GRANT UPDATE (@name@) ON @name@ TO @role@;
GRANT USAGE ON SEQUENCE @name:q@ TO @role@;
