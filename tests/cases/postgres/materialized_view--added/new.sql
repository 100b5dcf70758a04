CREATE TABLE people (id integer PRIMARY KEY, name varchar(40), born date);
CREATE MATERIALIZED VIEW m WITH (fillfactor = 70) AS SELECT name, count(*) AS n FROM people GROUP BY name;
CREATE UNIQUE INDEX m_name ON m (name);
COMMENT ON MATERIALIZED VIEW m IS 'counted';
COMMENT ON COLUMN m.n IS 'how many';
