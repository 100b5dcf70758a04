CREATE DOMAIN d AS text;
GRANT USAGE ON DOMAIN d TO "app user";
DO $$ BEGIN EXECUTE format($q$GRANT USAGE ON SCHEMA %I TO "app user"$q$, current_schema()); END $$;
