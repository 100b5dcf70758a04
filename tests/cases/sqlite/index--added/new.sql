CREATE TABLE t (a INT, b TEXT, c TEXT);
CREATE INDEX t_a ON t (a);
CREATE UNIQUE INDEX IF NOT EXISTS "t b" ON "t" ("b" collate NOCASE, lower(c) desc) where "c" is not null;
