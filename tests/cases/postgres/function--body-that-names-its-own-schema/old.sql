CREATE TABLE t (id integer);
CREATE FUNCTION g(n integer) RETURNS integer LANGUAGE sql AS 'SELECT n';
DO $$ BEGIN
  EXECUTE format('CREATE FUNCTION f() RETURNS bigint LANGUAGE plpgsql AS $b$ BEGIN PERFORM %1$I.g(1); INSERT INTO %1$I.t SELECT o.id FROM %1$I.t o; RETURN 1; END $b$', current_schema);
  EXECUTE format('CREATE FUNCTION h(n integer) RETURNS bigint LANGUAGE sql AS $b$ SELECT count(*) FROM %1$I.t AS "x" WHERE "x".id > n $b$', current_schema);
END $$;
