CREATE TABLE stays (room int4range, during daterange, CONSTRAINT stays_key UNIQUE (room, during));
