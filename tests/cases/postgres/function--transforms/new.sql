CREATE OR REPLACE TRANSFORM FOR integer LANGUAGE sql (FROM SQL WITH FUNCTION pg_catalog.varchar_support(internal), TO SQL WITH FUNCTION pg_catalog.int4recv(internal));
CREATE OR REPLACE TRANSFORM FOR bigint LANGUAGE sql (FROM SQL WITH FUNCTION pg_catalog.varchar_support(internal), TO SQL WITH FUNCTION pg_catalog.int8recv(internal));
CREATE FUNCTION f(a integer, b bigint) RETURNS integer LANGUAGE sql TRANSFORM FOR TYPE integer, FOR TYPE bigint AS 'SELECT 1';
