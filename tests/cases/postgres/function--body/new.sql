CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql  AS $$ SELECT a + 2 -- $body$ and $body1$ $$;
CREATE TABLE t (id integer DEFAULT f(1), CHECK (f(id) > 0));
CREATE VIEW v AS SELECT f(1);
