CREATE TABLE people (id integer PRIMARY KEY, name varchar(40), born date);
CREATE VIEW v WITH (security_invoker = true) AS SELECT id, name FROM people WHERE id > 0;
