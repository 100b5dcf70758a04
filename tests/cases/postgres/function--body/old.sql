CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql  AS $$ SELECT a + 1 $$;
CREATE TABLE t (id integer DEFAULT f(1), CHECK (f(id) > 0));
CREATE VIEW v AS SELECT f(1);
