CREATE TABLE t (id integer PRIMARY KEY, n integer, v text);
CREATE FUNCTION act() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
CREATE VIEW a WITH (security_barrier = true, security_invoker = true, check_option = cascaded) AS SELECT id, n FROM t WHERE n > 1;
