CREATE TABLE people (id integer PRIMARY KEY, name varchar(40), "a""b" text);
