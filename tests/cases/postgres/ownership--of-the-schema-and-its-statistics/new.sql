CREATE TABLE t (id integer, n integer); CREATE STATISTICS s ON id, n FROM t;
DO $$ BEGIN EXECUTE format($q$ALTER SCHEMA %I OWNER TO "app user"$q$, current_schema()); END $$;
ALTER TABLE t OWNER TO "app user"; ALTER STATISTICS s OWNER TO "app user";
