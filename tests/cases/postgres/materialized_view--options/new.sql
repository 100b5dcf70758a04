CREATE TABLE people (id integer PRIMARY KEY, name varchar(40), born date);
CREATE MATERIALIZED VIEW m WITH (autovacuum_vacuum_threshold = 10, fillfactor = 80) AS SELECT id FROM people;
