CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE TYPE "P oint" AS (x integer, y integer);
CREATE FUNCTION mood_of(n integer) RETURNS mood LANGUAGE sql IMMUTABLE AS $$ SELECT CASE WHEN n > 0 THEN 'happy' ELSE 'sad' END::mood $$;
CREATE FUNCTION mood_by(n integer) RETURNS mood LANGUAGE sql IMMUTABLE AS $$ SELECT CASE WHEN n < 0 THEN 'happy' ELSE 'sad' END::mood $$;
