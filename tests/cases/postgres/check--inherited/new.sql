CREATE TABLE base (id integer, CONSTRAINT come CHECK (id > -1), CONSTRAINT changes CHECK (id < 60), CONSTRAINT late CHECK (id <> 7));
CREATE TABLE heir (own integer, CONSTRAINT mine CHECK (own > 0), CONSTRAINT come CHECK (id > -1)) INHERITS (base);
COMMENT ON CONSTRAINT changes ON base IS 'c';
