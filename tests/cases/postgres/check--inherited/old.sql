CREATE TABLE base (id integer, CONSTRAINT gone CHECK (id > 0), CONSTRAINT changes CHECK (id < 50), CONSTRAINT late CHECK (id <> 7));
ALTER TABLE base DROP CONSTRAINT late;
CREATE TABLE heir (own integer, CONSTRAINT mine CHECK (own > 0)) INHERITS (base);
ALTER TABLE base ADD CONSTRAINT late CHECK (id <> 7) NOT VALID;
