CREATE TABLE people (id bigint PRIMARY KEY, "a b" text, born date);
GRANT SELECT ("a b", born) ON people TO "app user"; GRANT UPDATE ON people TO "reader""s";
CREATE VIEW v AS SELECT "a b" FROM people; GRANT SELECT ON v TO PUBLIC;
