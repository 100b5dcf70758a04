CREATE TABLE people (id integer PRIMARY KEY, "a b" varchar(40), gone text);
GRANT SELECT ("a b", gone) ON people TO "app user"; GRANT UPDATE ON people TO "reader""s";
CREATE VIEW v AS SELECT "a b" FROM people; GRANT SELECT ON v TO PUBLIC;
