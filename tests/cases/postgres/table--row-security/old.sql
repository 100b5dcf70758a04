CREATE TABLE people (id integer PRIMARY KEY, name varchar(40), born date);
CREATE POLICY p ON people USING (id > 0);
