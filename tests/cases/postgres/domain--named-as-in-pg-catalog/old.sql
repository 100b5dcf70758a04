CREATE DOMAIN text AS integer DEFAULT 1 NOT NULL CONSTRAINT least CHECK (VALUE > 0) CONSTRAINT most CHECK (VALUE < 100);
CREATE DOMAIN money AS integer;
DO $$ BEGIN
  EXECUTE format('CREATE TABLE t (id integer PRIMARY KEY, own %1$I.text, plain text, m %1$I.money)', current_schema);
END $$;
