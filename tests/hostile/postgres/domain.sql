CREATE COLLATION @name:l@ (LOCALE = 'C');
CREATE DOMAIN @name:base@ AS text;
CREATE DOMAIN @name@ AS @name:base@ COLLATE @name:l@ DEFAULT @text:default@ CONSTRAINT @name@ CHECK (VALUE <> @text:check@);
COMMENT ON DOMAIN @name@ IS @text:comment@;
COMMENT ON CONSTRAINT @name@ ON DOMAIN @name@ IS @text:comment@;
CREATE TABLE @name:t@ (@name@ @name@);
