CREATE TABLE stays (room int4range, during daterange, note text, CONSTRAINT ex EXCLUDE USING spgist (room WITH =));
