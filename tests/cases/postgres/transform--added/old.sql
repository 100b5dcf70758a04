CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE FUNCTION back(internal) RETURNS mood LANGUAGE internal IMMUTABLE AS 'enum_recv';
