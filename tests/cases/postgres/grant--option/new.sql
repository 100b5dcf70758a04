CREATE TABLE people (id integer PRIMARY KEY, name varchar(40), "a""b" text);
GRANT SELECT ON people TO "app user";
GRANT UPDATE ON people TO "app user" WITH GRANT OPTION;
GRANT SELECT, DELETE ON people TO "reader""s" WITH GRANT OPTION;
