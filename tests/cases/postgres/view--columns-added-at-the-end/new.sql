CREATE TABLE people (id integer PRIMARY KEY, name varchar(40), born date);
CREATE VIEW v AS SELECT id, name, born FROM people;
COMMENT ON COLUMN v.id IS 'who';
COMMENT ON COLUMN v.born IS 'when';
CREATE VIEW w AS SELECT id FROM v;
