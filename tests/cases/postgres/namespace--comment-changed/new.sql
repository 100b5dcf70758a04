DO $$ BEGIN EXECUTE format($q$COMMENT ON SCHEMA %I IS 'another'$q$, current_schema()); END $$;
