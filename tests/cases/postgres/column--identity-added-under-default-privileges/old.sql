DO $$ BEGIN EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I GRANT USAGE, SELECT ON SEQUENCES TO "app user"', current_schema()); END $$;
CREATE TABLE people (id integer NOT NULL, n integer NOT NULL, "a very long name that takes all of the sixty-three bytes there are" integer NOT NULL);
CREATE TABLE others (id integer GENERATED ALWAYS AS IDENTITY);
