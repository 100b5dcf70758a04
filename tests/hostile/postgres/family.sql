-- Partitions and heirs.
CREATE COLLATION @name:l@ (LOCALE = 'C');
CREATE TYPE @name:y@ AS (@name@ text);
CREATE TABLE @name@ (@name@ text NOT NULL, @name:k@ text) PARTITION BY LIST (@name@);
CREATE TABLE @name:p@ PARTITION OF @name@ FOR VALUES IN (@text:bound@, @name-text@);
CREATE TABLE @name:d@ PARTITION OF @name@ FOR VALUES IN (@text:other@) PARTITION BY RANGE ((@name:k@ || @text:key@) COLLATE @name:l@);
CREATE TABLE @name:r@ PARTITION OF @name:d@ FOR VALUES FROM (@text:bound@) TO (MAXVALUE);
CREATE INDEX @name:i@ ON @name@ (@name:k@);
ALTER TABLE @name:p@ ADD CONSTRAINT @name:own@ CHECK (@name:k@ <> @text:check@);
CREATE TABLE @name:b@ (@name@ text);
CREATE TABLE @name:h@ (@name:x@ integer) INHERITS (@name:b@);
CREATE TABLE @name:o@ OF @name:y@;
CREATE TABLE @name:s@ (@name@ text PRIMARY KEY) PARTITION BY HASH (@name@);
CREATE TABLE @name:s1@ PARTITION OF @name:s@ FOR VALUES WITH (MODULUS 1, REMAINDER 0);
CREATE TABLE @name:v@ (@name@ text, CONSTRAINT @name:vu@ UNIQUE (@name@)) PARTITION BY HASH (@name@);
CREATE TABLE @name:v1@ PARTITION OF @name:v@ FOR VALUES WITH (MODULUS 1, REMAINDER 0);
