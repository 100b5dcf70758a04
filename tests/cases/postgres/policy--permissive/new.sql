CREATE TABLE people (id integer PRIMARY KEY, name varchar(40), born date);
ALTER TABLE people ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON people AS RESTRICTIVE USING (id > 0);
