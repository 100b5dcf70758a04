CREATE TABLE people (id integer PRIMARY KEY, name varchar(40), born date);
CREATE VIEW v AS SELECT id, name FROM people;
COMMENT ON COLUMN v.name IS 'it''s
old';
