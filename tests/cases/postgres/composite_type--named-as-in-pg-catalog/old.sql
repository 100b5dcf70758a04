CREATE TYPE point AS (x integer, y integer);
CREATE TYPE circle AS (radius integer);
DO $$ BEGIN
  EXECUTE format('CREATE TABLE t (id integer PRIMARY KEY, p %I.point)', current_schema);
END $$;
