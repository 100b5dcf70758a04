DO $$ BEGIN EXECUTE format($q$GRANT USAGE ON SCHEMA %I TO "app user", "reader""s"$q$, current_schema()); END $$;
CREATE TABLE people (id integer PRIMARY KEY, name varchar(40), "a""b" text);
GRANT SELECT, UPDATE ON people TO "app user" WITH GRANT OPTION;
SET LOCAL ROLE "app user";
GRANT SELECT ON people TO "reader""s" WITH GRANT OPTION;
SET LOCAL ROLE "reader""s";
GRANT SELECT ON people TO pg_monitor;
