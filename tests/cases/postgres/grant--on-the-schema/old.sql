DO $$ BEGIN EXECUTE format($q$GRANT USAGE ON SCHEMA %I TO "app user", PUBLIC$q$, current_schema()); END $$;
