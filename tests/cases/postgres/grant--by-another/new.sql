DO $$ BEGIN EXECUTE format($q$GRANT USAGE ON SCHEMA %I TO "app user", "reader""s"$q$, current_schema()); END $$;
CREATE TABLE people (id integer PRIMARY KEY, name varchar(40), "a""b" text);
GRANT SELECT, UPDATE ON people TO "app user" WITH GRANT OPTION;
GRANT SELECT (id) ON people TO "reader""s";
SET LOCAL ROLE "app user";
GRANT UPDATE ON people TO "reader""s";
GRANT SELECT (id) ON people TO PUBLIC;
