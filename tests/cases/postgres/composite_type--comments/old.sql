CREATE TYPE place AS (street text, number integer);
COMMENT ON COLUMN place.street IS 'old';
