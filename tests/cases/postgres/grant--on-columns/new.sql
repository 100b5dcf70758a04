CREATE TABLE people (id integer PRIMARY KEY, name varchar(40), "a""b" text);
GRANT SELECT (id, "a""b"), INSERT (id) ON people TO "app user";
CREATE VIEW v AS SELECT id, name AS "a""b" FROM people;
GRANT SELECT ("a""b"), UPDATE (id) ON v TO "app user" WITH GRANT OPTION;
GRANT SELECT ON v TO "app user";
