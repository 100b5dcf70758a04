CREATE TABLE people (id integer PRIMARY KEY, name text, born timestamp);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER t BEFORE UPDATE OF name ON people FOR EACH ROW WHEN (NEW.born IS NULL) EXECUTE FUNCTION touch();
