CREATE TABLE people (id integer PRIMARY KEY, name varchar(40), born date);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER t BEFORE UPDATE ON people FOR EACH ROW WHEN (OLD.id IN (3, 4) AND (NEW.id > 1 OR NEW.id + 2 * 3 > 4)) EXECUTE FUNCTION touch();
