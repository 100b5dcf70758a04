CREATE TABLE people (id integer PRIMARY KEY, name varchar(40), born date);
