CREATE TYPE span AS RANGE (SUBTYPE = integer, MULTIRANGE_TYPE_NAME = spans);
CREATE TABLE t (id integer PRIMARY KEY, s span, many spans, CHECK (NOT isempty(s)));
CREATE INDEX i ON t USING gist (s);
CREATE VIEW v AS SELECT id, s FROM t;
