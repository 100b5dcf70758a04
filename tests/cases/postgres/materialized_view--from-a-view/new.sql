CREATE TABLE people (id integer PRIMARY KEY, name varchar(40), born date);
CREATE MATERIALIZED VIEW m AS SELECT id FROM people;
CREATE INDEX i ON m (id);
