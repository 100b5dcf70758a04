CREATE TABLE people (id integer PRIMARY KEY, n serial); CREATE VIEW v AS SELECT id FROM people; CREATE TABLE other (id integer);
GRANT SELECT ON people TO "reader""s";
DO $$ BEGIN EXECUTE format($q$ALTER SCHEMA %I OWNER TO "app user"$q$, current_schema()); END $$;
ALTER TABLE people OWNER TO "app user"; ALTER VIEW v OWNER TO "app user"; ALTER TABLE other OWNER TO "app user";
