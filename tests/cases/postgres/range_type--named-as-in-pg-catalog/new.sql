CREATE TYPE path AS RANGE (SUBTYPE = bigint, MULTIRANGE_TYPE_NAME = paths);
CREATE TYPE line AS RANGE (SUBTYPE = integer, MULTIRANGE_TYPE_NAME = box);
CREATE TYPE circle AS RANGE (SUBTYPE = text);
DO $$ BEGIN
  EXECUTE format('COMMENT ON TYPE %I.line IS %L', current_schema, 'From here to there');
  EXECUTE format('COMMENT ON TYPE %I.box IS %L', current_schema, 'Many lines');
  EXECUTE format('CREATE TABLE t (id integer PRIMARY KEY, p %1$I.path, l %1$I.line, b %1$I.box)', current_schema);
END $$;
