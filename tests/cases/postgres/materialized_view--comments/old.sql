CREATE TABLE people (id integer PRIMARY KEY, name varchar(40), born date);
CREATE MATERIALIZED VIEW m AS SELECT id, name FROM people;
COMMENT ON COLUMN m.name IS 'old';
