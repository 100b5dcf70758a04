CREATE TYPE place AS (street varchar(20), "Num ber" numeric(5,1), code text COLLATE "C");
COMMENT ON TYPE place IS 'where';
COMMENT ON COLUMN place.code IS 'post code';
CREATE TYPE "no thing" AS ();
CREATE TYPE nested AS (a place, b place[]);
CREATE TABLE t (id integer PRIMARY KEY, at place);
