CREATE TABLE people (id integer PRIMARY KEY, name varchar(40), born date);
CREATE MATERIALIZED VIEW m AS SELECT id, name FROM people;
CREATE INDEX m_name ON m (name);
CREATE VIEW v AS SELECT name FROM m;
