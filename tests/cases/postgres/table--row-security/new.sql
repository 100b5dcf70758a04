CREATE TABLE people (id integer PRIMARY KEY, name varchar(40), born date);
CREATE POLICY p ON people USING (id > 0);
ALTER TABLE people ENABLE ROW LEVEL SECURITY;
CREATE TABLE other (id integer);
ALTER TABLE other ENABLE ROW LEVEL SECURITY;
