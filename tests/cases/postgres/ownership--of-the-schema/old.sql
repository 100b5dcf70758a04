CREATE TABLE people (id integer PRIMARY KEY, n serial); CREATE VIEW v AS SELECT id FROM people;
GRANT SELECT ON people TO "reader""s";
