CREATE TABLE @name:t@ (@name@ TEXT);
CREATE UNIQUE INDEX @name@ ON @name:t@ (@name@);
