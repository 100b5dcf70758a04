CREATE TABLE people (id integer PRIMARY KEY, name varchar(40), born date);
CREATE MATERIALIZED VIEW m WITH (autovacuum_enabled = off, fillfactor = 70) AS SELECT id FROM people;
