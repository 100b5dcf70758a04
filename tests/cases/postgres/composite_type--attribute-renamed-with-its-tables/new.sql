CREATE TYPE shape AS ("is %" integer, id integer, note text);
COMMENT ON COLUMN shape."is %" IS 'another comment';
CREATE TABLE t OF shape (id WITH OPTIONS PRIMARY KEY, "is %" WITH OPTIONS DEFAULT 3);
CREATE TABLE also OF shape PARTITION BY LIST ("is %");
CREATE TABLE part PARTITION OF also DEFAULT;
CREATE VIEW v AS SELECT "is %" AS was FROM t;

CREATE TYPE grown AS (id integer, is_ integer, more integer);
CREATE TABLE g OF grown;
