CREATE TABLE stays (room int4range, during daterange NOT NULL, CONSTRAINT stays_pkey PRIMARY KEY (room, during));
