CREATE TYPE path AS RANGE (SUBTYPE = integer, MULTIRANGE_TYPE_NAME = paths);
CREATE TYPE line AS RANGE (SUBTYPE = integer, MULTIRANGE_TYPE_NAME = box);
DO $$ BEGIN
  EXECUTE format('CREATE TABLE t (id integer PRIMARY KEY, p %1$I.path, l %1$I.line, b %1$I.box)', current_schema);
END $$;
