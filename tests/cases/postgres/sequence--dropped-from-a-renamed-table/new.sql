CREATE TABLE is_ (id integer NOT NULL, n integer);
