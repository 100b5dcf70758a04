CREATE TABLE people (id integer PRIMARY KEY, name varchar(40), born date);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER "a ) EXECUTE FUNCTION b" BEFORE INSERT OR UPDATE OF name, id ON people FOR EACH ROW WHEN (NEW.name <> ') EXECUTE FUNCTION touch()' AND NEW.id > 0) EXECUTE FUNCTION touch('x''y', 2, 'a\b');
COMMENT ON TRIGGER "a ) EXECUTE FUNCTION b" ON people IS 'odd';
