CREATE TABLE people (email text, n bigint); CREATE INDEX a ON people (email); CREATE INDEX b ON people (n) WHERE email IN ('a', 'b'); CREATE INDEX c ON people (lower(email));
