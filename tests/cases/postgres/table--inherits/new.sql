CREATE TABLE base (id integer NOT NULL DEFAULT 1, note text DEFAULT 'n', CONSTRAINT positive CHECK (id > 0), CONSTRAINT alone CHECK (id < 99) NO INHERIT);
CREATE TABLE "other %" (note text, flag boolean);
CREATE TABLE loose (id integer NOT NULL, note text, own integer, CONSTRAINT positive CHECK (id > 0));
ALTER TABLE loose INHERIT base;
CREATE TABLE heir (own integer, note text DEFAULT 'mine', CONSTRAINT positive CHECK (id > 0), CONSTRAINT more CHECK (own > 0)) INHERITS ("other %", base);
CREATE TABLE second (PRIMARY KEY (id)) INHERITS (heir);
ALTER TABLE second ALTER COLUMN note DROP DEFAULT;
CREATE INDEX heir_idx ON heir (flag);
COMMENT ON COLUMN second.note IS 'inherited';
