CREATE TABLE @name:p@ (@name@ TEXT PRIMARY KEY);
CREATE TABLE @name@ (
    @name@ @name:type@ CONSTRAINT @name:nn@ NOT NULL DEFAULT @text:default@,
    @name:b@ TEXT DEFAULT (lower(@text:default@)),
    @name:g@ TEXT AS (@name@ || @text:generated@),
    CONSTRAINT @name:pk@ PRIMARY KEY (@name@),
    CONSTRAINT @name:uq@ UNIQUE (@name@, @name:b@),
    CONSTRAINT @name:ck@ CHECK (@name@ <> @text:check@),
    CHECK (@name:b@ <> @name-text@),
    CONSTRAINT @name:fk@ FOREIGN KEY (@name:b@) REFERENCES @name:p@ (@name@) ON DELETE CASCADE MATCH @name@
);
CREATE INDEX @name:i@ ON @name@ (@name@, @name:b@ || @text:expression@) WHERE @name@ <> @text:where@;
CREATE TRIGGER @name@ AFTER UPDATE OF @name@ ON @name@ WHEN new.@name@ <> @text:when@ BEGIN
    INSERT INTO @name:p@ (@name@) VALUES (@text:trigger@);
    DELETE FROM @name:p@ WHERE @name@ = @name-text@;
END;
