CREATE TABLE people (id int, name text, email varchar(50), tags int[]);
CREATE INDEX ix ON people USING gist (to_tsvector('simple', name) tsvector_ops (siglen = '100'));
