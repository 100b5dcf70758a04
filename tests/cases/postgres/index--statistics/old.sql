CREATE TABLE t (a text, b int4range);
CREATE INDEX i ON t (a, lower(a), upper(a));
ALTER TABLE t ADD CONSTRAINT x EXCLUDE USING gist (int4range(lower(b), upper(b)) WITH &&);
ALTER INDEX i ALTER COLUMN 2 SET STATISTICS 5;
