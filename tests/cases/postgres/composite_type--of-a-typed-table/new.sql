CREATE TYPE shape AS (id bigint, note text, come integer);
CREATE TABLE typed OF shape (id WITH OPTIONS NOT NULL DEFAULT 3, come WITH OPTIONS DEFAULT 9);
