CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE TYPE "P oint" AS (x integer, y integer);
CREATE FUNCTION mood_of(n integer) RETURNS mood LANGUAGE sql IMMUTABLE AS $$ SELECT CASE WHEN n > 0 THEN 'happy' ELSE 'sad' END::mood $$;
CREATE FUNCTION mood_by(n integer) RETURNS mood LANGUAGE sql IMMUTABLE AS $$ SELECT CASE WHEN n < 0 THEN 'happy' ELSE 'sad' END::mood $$;

CREATE CAST (integer AS mood) WITH FUNCTION mood_of(integer) AS ASSIGNMENT;
CREATE CAST (text AS mood) WITH INOUT AS IMPLICIT;
CREATE CAST ("P oint" AS text) WITH INOUT;
CREATE DOMAIN d AS integer;
COMMENT ON CAST (integer AS mood) IS 'by ''its'' sign';
CREATE TABLE t (id integer, m mood DEFAULT 1::mood, CHECK (id::mood IS NOT NULL));
CREATE VIEW v AS SELECT id::mood AS m FROM t;
