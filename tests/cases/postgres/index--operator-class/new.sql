CREATE TABLE people (id int, name text, email varchar(50), tags int[]);
CREATE INDEX ix ON people (name text_pattern_ops, email varchar_pattern_ops);
