CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE TABLE t (changed text DEFAULT 'a', gone int DEFAULT 1, came date, called int DEFAULT one());
