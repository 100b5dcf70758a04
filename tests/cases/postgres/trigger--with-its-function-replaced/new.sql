CREATE TABLE people (id integer PRIMARY KEY, name varchar(40), born date);
CREATE TRIGGER t BEFORE UPDATE ON people FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
