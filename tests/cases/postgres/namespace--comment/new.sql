CREATE TABLE t (id integer);
DO $$ BEGIN EXECUTE format($q$COMMENT ON SCHEMA %I IS 'it''s "mine" {tenant}'$q$, current_schema()); END $$;
