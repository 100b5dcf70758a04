CREATE TYPE box AS ENUM ('small', 'middle', 'large');
CREATE TYPE date AS ENUM ('early', 'late');
CREATE TYPE line AS ENUM ('bold');
DO $$ BEGIN
  EXECUTE format('COMMENT ON TYPE %I.box IS %L', current_schema, 'What it is sent in');
  EXECUTE format('REVOKE USAGE ON TYPE %I.box FROM public', current_schema);
  EXECUTE format('CREATE TABLE t (id integer PRIMARY KEY, b %1$I.box, d %1$I.date DEFAULT %2$L)', current_schema, 'early');
  EXECUTE format('CREATE FUNCTION f(b %1$I.box) RETURNS %1$I.box LANGUAGE sql AS %2$L', current_schema, 'SELECT $1');
END $$;
