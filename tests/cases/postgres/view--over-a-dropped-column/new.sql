CREATE TABLE people (id integer PRIMARY KEY, name varchar(40));
CREATE VIEW v AS SELECT id FROM people;
