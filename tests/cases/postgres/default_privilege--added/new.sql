CREATE TABLE t (id integer);
DO $$ BEGIN EXECUTE format($q$ALTER DEFAULT PRIVILEGES  IN SCHEMA %I GRANT SELECT, INSERT ON TABLES TO "app user"$q$, current_schema()); END $$;
DO $$ BEGIN EXECUTE format($q$ALTER DEFAULT PRIVILEGES  IN SCHEMA %I GRANT USAGE ON SEQUENCES TO PUBLIC, "app user"$q$, current_schema()); END $$;
DO $$ BEGIN EXECUTE format($q$ALTER DEFAULT PRIVILEGES FOR ROLE pg_monitor IN SCHEMA %I GRANT EXECUTE ON FUNCTIONS TO "app user" WITH GRANT OPTION$q$, current_schema()); END $$;
DO $$ BEGIN EXECUTE format($q$ALTER DEFAULT PRIVILEGES FOR ROLE "reader""s" IN SCHEMA %I GRANT USAGE ON TYPES TO "app user", "reader""s"$q$, current_schema()); END $$;
