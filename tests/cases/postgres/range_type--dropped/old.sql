CREATE TYPE span AS RANGE (SUBTYPE = integer);
CREATE TABLE t (id integer PRIMARY KEY, s span, many span_multirange, CHECK (NOT isempty(s)));
CREATE INDEX i ON t USING gist (s);
CREATE VIEW v AS SELECT id, s FROM t;
