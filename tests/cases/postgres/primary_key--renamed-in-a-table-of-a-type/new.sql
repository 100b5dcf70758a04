CREATE TYPE shape AS (id integer, n integer, note text);
CREATE TABLE "typed %" OF shape;
ALTER TABLE "typed %" ADD CONSTRAINT is_ PRIMARY KEY (id), ADD CONSTRAINT other UNIQUE (n);
ALTER TABLE "typed %" ADD CONSTRAINT "still apart" EXCLUDE USING btree (note WITH =);
