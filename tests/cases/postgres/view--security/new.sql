CREATE TABLE people (id integer PRIMARY KEY, name varchar(40), born date);
CREATE VIEW v WITH (security_barrier) AS SELECT id, name FROM people;
