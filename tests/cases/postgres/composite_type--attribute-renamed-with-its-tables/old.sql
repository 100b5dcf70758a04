CREATE TYPE shape AS (was integer, id integer, note text);
COMMENT ON COLUMN shape.was IS 'an attribute';
CREATE TABLE t OF shape (id WITH OPTIONS PRIMARY KEY, was WITH OPTIONS DEFAULT 3);
CREATE TABLE also OF shape PARTITION BY LIST (was);
CREATE TABLE part PARTITION OF also DEFAULT;
CREATE VIEW v AS SELECT was FROM t;

CREATE TYPE grown AS (id integer, was integer);
CREATE TABLE g OF grown;
