CREATE TABLE people (id integer PRIMARY KEY, name varchar(40), born date);
CREATE VIEW v AS SELECT id, name FROM people;
COMMENT ON VIEW v IS 'all of them';
COMMENT ON COLUMN v.id IS 'number';
