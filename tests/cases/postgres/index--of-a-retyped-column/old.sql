CREATE TABLE people (email varchar(50), n int); CREATE INDEX a ON people (email); CREATE INDEX b ON people (n) WHERE email IN ('a', 'b'); CREATE INDEX c ON people (lower(email));
