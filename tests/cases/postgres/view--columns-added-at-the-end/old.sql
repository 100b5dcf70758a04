CREATE TABLE people (id integer PRIMARY KEY, name varchar(40), born date);
CREATE VIEW v AS SELECT id FROM people;
COMMENT ON COLUMN v.id IS 'who';
CREATE VIEW w AS SELECT id FROM v;
