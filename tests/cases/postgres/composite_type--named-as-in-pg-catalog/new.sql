CREATE TYPE point AS (x integer, y integer, z integer);
CREATE TYPE circle AS (radius bigint);
CREATE TYPE path AS (n integer);
COMMENT ON COLUMN point.x IS 'To the right';
DO $$ BEGIN
  EXECUTE format('COMMENT ON TYPE %I.point IS %L', current_schema, 'In space');
  EXECUTE format('CREATE TABLE t (id integer PRIMARY KEY, p %I.point)', current_schema);
END $$;
