CREATE TABLE is_ (id integer);
CREATE TYPE state AS ENUM ('mood', 'b');
CREATE FUNCTION f(is_) RETURNS state LANGUAGE sql AS 'SELECT NULL::state FROM is_';
CREATE FUNCTION g(state) RETURNS integer LANGUAGE sql AS 'SELECT 1';
COMMENT ON FUNCTION g IS 'state';
