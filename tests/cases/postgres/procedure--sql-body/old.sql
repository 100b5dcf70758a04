CREATE TABLE people (id integer PRIMARY KEY, name varchar(40), born date);
CREATE PROCEDURE p() LANGUAGE sql BEGIN ATOMIC DELETE FROM people; END;
