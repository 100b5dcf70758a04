CREATE TABLE people (id integer PRIMARY KEY, name varchar(40), "a""b" text);
GRANT SELECT, UPDATE ON people TO "app user";
GRANT SELECT (id), UPDATE (id, name) ON people TO "app user";
GRANT UPDATE (id) ON people TO "app user" WITH GRANT OPTION;
