DO $$ BEGIN EXECUTE format($q$GRANT USAGE, CREATE ON SCHEMA %I TO "app user" WITH GRANT OPTION$q$, current_schema()); END $$;
