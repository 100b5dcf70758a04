DO $$ BEGIN EXECUTE format($q$ALTER DEFAULT PRIVILEGES  IN SCHEMA %I GRANT ALL ON TABLES TO "app user", PUBLIC$q$, current_schema()); END $$;
DO $$ BEGIN EXECUTE format($q$ALTER DEFAULT PRIVILEGES  IN SCHEMA %I GRANT ALL ON SEQUENCES TO "app user" WITH GRANT OPTION$q$, current_schema()); END $$;
DO $$ BEGIN EXECUTE format($q$ALTER DEFAULT PRIVILEGES  IN SCHEMA %I GRANT ALL ON FUNCTIONS TO "app user"$q$, current_schema()); END $$;
DO $$ BEGIN EXECUTE format($q$ALTER DEFAULT PRIVILEGES  IN SCHEMA %I GRANT ALL ON TYPES TO "app user", "reader""s"$q$, current_schema()); END $$;
CREATE TABLE people (id integer PRIMARY KEY, name varchar(40));
