CREATE TABLE people (id integer PRIMARY KEY, n serial); CREATE VIEW v AS SELECT id FROM people; CREATE SEQUENCE s;
CREATE FUNCTION f(integer) RETURNS integer LANGUAGE sql RETURN $1; CREATE TYPE mood AS ENUM ('ok'); CREATE DOMAIN d AS text; CREATE TYPE pair AS (a integer);
GRANT SELECT ON people TO "app user";
ALTER TABLE people OWNER TO pg_monitor; ALTER FUNCTION f OWNER TO "app user";
