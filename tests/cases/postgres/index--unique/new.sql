CREATE TABLE people (id int, name text, email varchar(50), tags int[]);
CREATE UNIQUE INDEX ix ON people (id);
