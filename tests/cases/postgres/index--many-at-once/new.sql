CREATE TABLE people (id int, name text, email varchar(50), tags int[]);
CREATE INDEX "a,b)" ON people ("name");
CREATE INDEX "Other one" ON people ((CASE WHEN id > 0 THEN 'x, y)' ELSE name END));
