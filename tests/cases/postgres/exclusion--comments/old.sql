CREATE TABLE stays (room int4range, CONSTRAINT ex EXCLUDE USING gist (room WITH &&));
