CREATE FOREIGN TABLE @name@ (@name@ text OPTIONS (@name@ @text:option@)) SERVER @name@ OPTIONS (@name@ @text:option@);
COMMENT ON FOREIGN TABLE @name@ IS @text:comment@;
CREATE TABLE @name:t@ (@name@ text PRIMARY KEY);
ALTER PUBLICATION @name@ ADD TABLE @name:t@ (@name@) WHERE (@name@ <> @text:where@);
ALTER PUBLICATION @name:s@ ADD TABLES IN SCHEMA @tenant@;
