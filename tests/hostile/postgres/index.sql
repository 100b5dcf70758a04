CREATE TABLE @name:t@ (@name@ text, @name:r@ int4range);
CREATE INDEX @name@ ON @name:t@ (@name@);
ALTER TABLE @name:t@ ADD CONSTRAINT @name:x@ UNIQUE (@name@);
COMMENT ON INDEX @name@ IS @text:comment@;
