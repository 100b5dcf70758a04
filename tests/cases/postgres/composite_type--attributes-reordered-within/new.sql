CREATE TYPE place AS (number integer, street text);
CREATE DOMAIN home AS place CHECK ((VALUE).number < 9);
CREATE TYPE road AS (name text, places place[]);
CREATE TABLE t (id integer PRIMARY KEY, many place[] DEFAULT ARRAY[ROW(1, 'Oak')]::place[], at home, along road[]);
CREATE INDEX t_at ON t (((at).number));
