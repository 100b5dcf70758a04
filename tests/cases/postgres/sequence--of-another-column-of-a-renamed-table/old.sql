CREATE TABLE was (id integer NOT NULL, n integer, k integer); CREATE SEQUENCE s OWNED BY was.n;
