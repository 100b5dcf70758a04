CREATE TABLE t (id int PRIMARY KEY, "at %" timestamp DEFAULT '1970-01-01 00:00:00', day int NOT NULL DEFAULT 0, took numeric);
CREATE INDEX i ON t ("at %");
CREATE VIEW v AS SELECT "at %" FROM t;
