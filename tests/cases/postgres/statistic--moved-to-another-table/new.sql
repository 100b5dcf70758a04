CREATE TABLE t (a integer, b integer, "c ""d" text);
CREATE TABLE u (a integer, b integer);
CREATE STATISTICS s ON a, b FROM u;
