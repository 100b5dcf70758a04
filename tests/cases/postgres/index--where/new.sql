CREATE TABLE people (id int, name text, email varchar(50), tags int[]);
CREATE INDEX ix ON people (name) WHERE email IN ('a@x', 'b@x') AND id > 0;
