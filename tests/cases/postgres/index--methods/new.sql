CREATE TABLE people (id int, name text, email varchar(50), tags int[]);
CREATE INDEX a ON people USING gin (tags);
CREATE INDEX b ON people USING brin (id) WITH (pages_per_range = 32);
CREATE INDEX c ON people USING gin (to_tsvector('english', coalesce(name, '')));
CREATE INDEX d ON people USING spgist (name);
