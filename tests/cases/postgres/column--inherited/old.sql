CREATE TABLE base (id serial, small integer DEFAULT 1, gone text, calm text DEFAULT 'c', merged integer);
CREATE TABLE heir (own integer) INHERITS (base);
CREATE TABLE deep (merged integer) INHERITS (heir);
ALTER TABLE heir ALTER COLUMN calm SET DEFAULT 'h';
