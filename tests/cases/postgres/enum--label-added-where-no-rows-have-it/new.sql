CREATE TYPE mood AS ENUM ('sad', 'new', 'happy');
CREATE TABLE t (id integer PRIMARY KEY, m mood);
CREATE FUNCTION is_sad(m mood) RETURNS boolean LANGUAGE sql BEGIN ATOMIC SELECT m = 'sad'; END;
