CREATE EXTENSION pg_trgm VERSION "1.3";CREATE TABLE t (n text);CREATE INDEX i ON t USING gin (n gin_trgm_ops);
