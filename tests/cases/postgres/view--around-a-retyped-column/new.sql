CREATE TABLE people (id integer PRIMARY KEY, name text, born date);
CREATE VIEW v AS SELECT id, name FROM people WHERE name <> 'x';
CREATE VIEW w AS SELECT name FROM v;
COMMENT ON VIEW w IS 'kept';
CREATE MATERIALIZED VIEW m AS SELECT name FROM w;
CREATE UNIQUE INDEX m_name ON m (name);
