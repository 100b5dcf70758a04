CREATE TABLE people (id integer PRIMARY KEY, name varchar(40), born date);
CREATE VIEW v (number, name) AS SELECT id, name FROM people;
CREATE VIEW w AS SELECT number AS id FROM v;
