CREATE TYPE colour AS ENUM ('red', 'green');
CREATE TABLE t (id int, hue text, at timestamp, doubled int GENERATED ALWAYS AS (id * 2) STORED);
CREATE VIEW v AS SELECT id, hue FROM t WHERE hue <> 'grey';
CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
CREATE TRIGGER g BEFORE UPDATE OF id ON t FOR EACH ROW WHEN (new.id > 0) EXECUTE FUNCTION nothing();
CREATE INDEX i ON t (hue) WHERE id > 5;
