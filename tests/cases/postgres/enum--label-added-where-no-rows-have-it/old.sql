CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE TABLE t (id integer PRIMARY KEY, m text);
CREATE FUNCTION is_sad(m mood) RETURNS boolean LANGUAGE sql BEGIN ATOMIC SELECT m = 'sad'; END;
