CREATE TABLE people (id integer PRIMARY KEY, name varchar(40), born date);
CREATE VIEW v AS SELECT id, name FROM people;
CREATE VIEW w AS SELECT count(*) AS n FROM v;
