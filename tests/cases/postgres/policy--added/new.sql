CREATE TABLE people (id integer PRIMARY KEY, name varchar(40), born date);
ALTER TABLE people ENABLE ROW LEVEL SECURITY;
CREATE POLICY "a b" ON people AS RESTRICTIVE FOR UPDATE TO PUBLIC USING (name = current_user AND EXISTS (SELECT FROM people q WHERE q.id = people.id)) WITH CHECK (id > 0 OR born IS NULL);
COMMENT ON POLICY "a b" ON people IS 'why';
CREATE POLICY q ON people;
