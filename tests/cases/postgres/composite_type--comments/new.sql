CREATE TYPE place AS (street text, number integer);
COMMENT ON TYPE place IS 'where';
COMMENT ON COLUMN place.number IS 'new';
