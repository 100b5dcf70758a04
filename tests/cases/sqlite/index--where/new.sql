CREATE TABLE t (a INT, b TEXT, c TEXT);
CREATE INDEX i ON t (a) WHERE b NOT IN ('cancelled', 'deleted');
