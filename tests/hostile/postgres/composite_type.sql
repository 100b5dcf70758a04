CREATE COLLATION @name:l@ (LOCALE = 'C');
CREATE DOMAIN @name:base@ AS text;
CREATE TYPE @name@ AS (@name@ @name:base@, @name:c@ text COLLATE @name:l@);
COMMENT ON TYPE @name@ IS @text:comment@;
COMMENT ON COLUMN @name@.@name@ IS @text:comment@;
CREATE TABLE @name:t@ (@name@ @name@);
