CREATE TABLE @name:t@ (@name@ text, @name:r@ text, CONSTRAINT @name@ PRIMARY KEY (@name@));
COMMENT ON CONSTRAINT @name@ ON @name:t@ IS @text:comment@;
