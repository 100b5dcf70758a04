CREATE TABLE people (id integer PRIMARY KEY, name varchar(40), born date);
CREATE MATERIALIZED VIEW m WITH (fillfactor = 80, autovacuum_vacuum_threshold = 10) AS SELECT id FROM people;
