CREATE TABLE stays (room int4range, during daterange, note text, CONSTRAINT ex EXCLUDE (note COLLATE "C" text_ops DESC NULLS LAST WITH =));
