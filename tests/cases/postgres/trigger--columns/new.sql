CREATE TABLE people (id integer PRIMARY KEY, name varchar(40), born date);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER t AFTER UPDATE OF id, born ON people FOR EACH ROW EXECUTE FUNCTION touch();
