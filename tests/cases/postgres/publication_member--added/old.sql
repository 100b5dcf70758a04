DO $$ BEGIN CREATE PUBLICATION "news %"; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
CREATE TABLE t (id int PRIMARY KEY, a text, b text);
