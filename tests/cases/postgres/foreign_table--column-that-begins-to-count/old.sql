CREATE FOREIGN TABLE f (id integer NOT NULL, n integer) SERVER other;
