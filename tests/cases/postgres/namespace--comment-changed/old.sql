DO $$ BEGIN EXECUTE format($q$COMMENT ON SCHEMA %I IS 'one'$q$, current_schema()); END $$;
