CREATE TYPE place AS (street text, number integer);
CREATE DOMAIN home AS place CHECK ((VALUE).number < 9);
CREATE TYPE road AS (name text, places place[]);
CREATE TABLE t (id integer PRIMARY KEY, many place[] DEFAULT ARRAY[ROW('Oak', 1)]::place[], at home, along road[]);
CREATE INDEX t_at ON t (((at).number));
