CREATE TABLE stays (room int4range, during daterange, note text, CONSTRAINT ex EXCLUDE USING gist (room WITH &&, during WITH &&) WHERE (lower(during) > '2000-01-01' AND note IN ('a', 'b')));
