CREATE TABLE people (id integer PRIMARY KEY, name text);
DO $$ BEGIN EXECUTE format('GRANT USAGE ON SCHEMA %I TO "app user" WITH GRANT OPTION', current_schema()); END $$;
GRANT SELECT ON people TO "app user" WITH GRANT OPTION;
GRANT UPDATE (name) ON people TO "app user";
