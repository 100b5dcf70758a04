CREATE TABLE people (id integer PRIMARY KEY, name text, born date);
ALTER TABLE people ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON people USING (name <> 'x');
