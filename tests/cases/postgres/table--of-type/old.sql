CREATE TYPE shape AS (id integer, note text);
CREATE TABLE plain (id integer NOT NULL, note text DEFAULT 'p');
