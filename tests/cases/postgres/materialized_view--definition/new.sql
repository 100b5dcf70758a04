CREATE TABLE people (id integer PRIMARY KEY, name varchar(40), born date);
CREATE MATERIALIZED VIEW m AS SELECT id, name, born FROM people WHERE id > 0;
CREATE INDEX m_name ON m (name);
CREATE VIEW v AS SELECT name FROM m;
