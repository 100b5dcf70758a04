DO $$ BEGIN CREATE PUBLICATION "news %"; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
CREATE TABLE t (id bigint PRIMARY KEY, a varchar(9), b text);
ALTER PUBLICATION "news %" ADD TABLE t (id, a) WHERE (id > 5);
