CREATE TABLE people (id integer PRIMARY KEY, n serial); CREATE VIEW v AS SELECT id FROM people; CREATE SEQUENCE s;
CREATE FUNCTION f(integer) RETURNS integer LANGUAGE sql RETURN $1; CREATE TYPE mood AS ENUM ('ok'); CREATE DOMAIN d AS text; CREATE TYPE pair AS (a integer);
CREATE TABLE other (id integer);
DO $$ BEGIN EXECUTE format($q$GRANT CREATE ON SCHEMA %I TO "app user"$q$, current_schema()); END $$;
GRANT SELECT ON people TO pg_monitor;
ALTER TABLE people OWNER TO "app user"; ALTER VIEW v OWNER TO "app user"; ALTER SEQUENCE s OWNER TO "app user"; ALTER TABLE other OWNER TO "app user";
ALTER TYPE mood OWNER TO "app user"; ALTER DOMAIN d OWNER TO "app user"; ALTER TYPE pair OWNER TO "app user";
