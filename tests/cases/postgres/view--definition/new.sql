CREATE TABLE people (id integer PRIMARY KEY, name varchar(40), born date);
CREATE VIEW v AS SELECT id, name FROM people WHERE born IS NOT NULL;
CREATE VIEW w AS SELECT count(*) AS n FROM v;
