CREATE TABLE base (id serial, small bigint DEFAULT 2, calm text DEFAULT 'd' NOT NULL, "new %" integer DEFAULT 4 NOT NULL, twofold integer);
CREATE TABLE heir (own integer, twofold integer DEFAULT 7) INHERITS (base);
CREATE TABLE deep (merged integer) INHERITS (heir);
ALTER TABLE heir ALTER COLUMN calm SET DEFAULT 'h';
ALTER TABLE deep ALTER COLUMN "new %" SET DEFAULT 5;
