CREATE TYPE shape AS (id integer, n integer, note text);
CREATE TABLE "typed %" OF shape;
ALTER TABLE "typed %" ADD CONSTRAINT "was""q" PRIMARY KEY (id), ADD CONSTRAINT one UNIQUE (n);
ALTER TABLE "typed %" ADD CONSTRAINT apart EXCLUDE USING btree (note WITH =);
