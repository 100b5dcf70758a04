CREATE TABLE people (id integer PRIMARY KEY, name varchar(40), "a""b" text);
GRANT SELECT, INSERT ON people TO "app user" WITH GRANT OPTION;
GRANT UPDATE ON people TO "app user";
GRANT SELECT ON people TO "reader""s";
