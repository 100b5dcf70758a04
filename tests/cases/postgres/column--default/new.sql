CREATE FUNCTION one() RETURNS bigint LANGUAGE sql AS 'SELECT 1';
CREATE TABLE t (changed text DEFAULT ('b' || 'c'), gone int, came date DEFAULT '2026-02-03', called int DEFAULT one());
