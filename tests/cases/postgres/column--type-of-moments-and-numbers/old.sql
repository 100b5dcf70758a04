CREATE TABLE t (id int PRIMARY KEY, "at %" bigint DEFAULT 0, day date NOT NULL DEFAULT '1970-01-01', took interval);
CREATE INDEX i ON t ("at %");
CREATE VIEW v AS SELECT "at %" FROM t;
