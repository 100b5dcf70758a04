CREATE TYPE box AS ENUM ('small', 'large');
CREATE TYPE date AS ENUM ('early', 'late', 'never');
DO $$ BEGIN
  EXECUTE format('CREATE TABLE t (id integer PRIMARY KEY, b %1$I.box, d %1$I.date DEFAULT %2$L)', current_schema, 'early');
  EXECUTE format('CREATE FUNCTION f(b %1$I.box) RETURNS %1$I.box LANGUAGE sql AS %2$L', current_schema, 'SELECT $1');
END $$;
