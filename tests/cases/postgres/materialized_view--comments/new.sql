CREATE TABLE people (id integer PRIMARY KEY, name varchar(40), born date);
CREATE MATERIALIZED VIEW m AS SELECT id, name FROM people;
COMMENT ON MATERIALIZED VIEW m IS 'all';
COMMENT ON COLUMN m.id IS 'number';
