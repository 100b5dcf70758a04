CREATE TABLE @name:t@ (@name@ text, CONSTRAINT @name@ UNIQUE (@name@));
COMMENT ON CONSTRAINT @name@ ON @name:t@ IS @text:comment@;
