CREATE TABLE people (id int, name text, email varchar(50), tags int[]);
CREATE INDEX ix ON people (name) WITH (deduplicate_items = off, fillfactor = 70);
