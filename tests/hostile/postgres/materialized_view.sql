CREATE DOMAIN @name:base@ AS text COLLATE "C";
CREATE COLLATION @name:l@ (LOCALE = 'C');
CREATE TABLE @name:t@ (@name@ @name:base@);
CREATE MATERIALIZED VIEW @name@ AS SELECT @name@, (@name@ || @text:definition@) COLLATE @name:l@ AS @name:d@ FROM @name:t@ WHERE @name@ <> @text:where@;
COMMENT ON MATERIALIZED VIEW @name@ IS @text:comment@;
COMMENT ON COLUMN @name@.@name@ IS @text:comment@;
CREATE INDEX @name:i@ ON @name@ (@name@);
ALTER MATERIALIZED VIEW @name@ CLUSTER ON @name:i@;
