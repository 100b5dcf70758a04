CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE FUNCTION back(internal) RETURNS mood LANGUAGE internal IMMUTABLE AS 'enum_recv';
CREATE TRANSFORM FOR mood LANGUAGE sql (FROM SQL WITH FUNCTION prsd_lextype(internal));
COMMENT ON TRANSFORM FOR mood LANGUAGE sql IS 'c';
