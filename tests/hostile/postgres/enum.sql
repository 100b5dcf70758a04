CREATE TYPE @name@ AS ENUM ('fixed', @label@, @label:second@);
COMMENT ON TYPE @name@ IS @text:comment@;
CREATE TABLE @name:t@ (@name@ @name@ DEFAULT @label@, CHECK (@name@ <> @label@));
GRANT USAGE ON TYPE @name@ TO @role@;
