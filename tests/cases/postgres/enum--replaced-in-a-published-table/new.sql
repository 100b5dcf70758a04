DO $$ BEGIN CREATE PUBLICATION "news %"; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
CREATE TYPE s AS ENUM ('b', 'a');
CREATE TABLE t (id int PRIMARY KEY, s s);
ALTER PUBLICATION "news %" ADD TABLE t (id, s) WHERE (id > 5);
