CREATE TABLE is_ (id integer NOT NULL, k integer); CREATE SEQUENCE s OWNED BY is_.k;
