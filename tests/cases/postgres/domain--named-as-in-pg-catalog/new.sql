CREATE DOMAIN text AS integer DEFAULT 2 CONSTRAINT least CHECK (VALUE > 1) CONSTRAINT most CHECK (VALUE < 100);
CREATE DOMAIN money AS bigint;
CREATE DOMAIN xml AS integer;
DO $$ BEGIN
  EXECUTE format('COMMENT ON DOMAIN %I.text IS %L', current_schema, 'A number');
  EXECUTE format('COMMENT ON CONSTRAINT most ON DOMAIN %I.text IS %L', current_schema, 'Two digits');
  EXECUTE format('CREATE TABLE t (id integer PRIMARY KEY, own %1$I.text, plain integer, m %1$I.money)', current_schema);
END $$;
