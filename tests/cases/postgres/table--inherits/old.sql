CREATE TABLE base (id integer NOT NULL DEFAULT 1, note text DEFAULT 'n', CONSTRAINT positive CHECK (id > 0), CONSTRAINT alone CHECK (id < 99) NO INHERIT);
CREATE TABLE "other %" (note text, flag boolean);
CREATE TABLE loose (id integer NOT NULL, note text, own integer, CONSTRAINT positive CHECK (id > 0));
