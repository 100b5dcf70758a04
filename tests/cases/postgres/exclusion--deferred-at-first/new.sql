CREATE TABLE stays (room int4range, during daterange, note text, CONSTRAINT ex EXCLUDE USING gist (room WITH &&, during WITH &&) DEFERRABLE INITIALLY DEFERRED);
