CREATE TABLE t (a integer, b integer, "c ""d" text);
CREATE STATISTICS s ON (a - b), (a IN (1, 2)), ("c ""d" || 'x') FROM t;
