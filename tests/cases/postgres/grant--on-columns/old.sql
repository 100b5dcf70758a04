CREATE TABLE people (id integer PRIMARY KEY, name varchar(40), "a""b" text);
GRANT SELECT (id), UPDATE (name) ON people TO "app user";
CREATE VIEW v AS SELECT id, name AS "a""b" FROM people;
GRANT SELECT (id) ON v TO "app user";
