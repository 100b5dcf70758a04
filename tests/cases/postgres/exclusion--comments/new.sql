CREATE TABLE stays (room int4range, CONSTRAINT ex EXCLUDE USING gist (room WITH &&)); COMMENT ON CONSTRAINT ex ON stays IS 'c'; COMMENT ON INDEX ex IS 'i';
