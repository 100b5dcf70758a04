CREATE TYPE shape AS (id integer, note text, gone date);
CREATE TABLE typed OF shape (id WITH OPTIONS NOT NULL DEFAULT 3);
