CREATE DOMAIN word AS text; CREATE TYPE pair AS (a integer, b integer);
CREATE FUNCTION pair_cmp(a pair, b pair) RETURNS integer LANGUAGE sql IMMUTABLE STRICT AS 'SELECT btint4cmp(a.a, b.a)';
CREATE FUNCTION pair_lt(a pair, b pair) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT AS 'SELECT a.a < b.a';
CREATE OPERATOR <# (FUNCTION = pair_lt, LEFTARG = pair, RIGHTARG = pair);
CREATE TABLE p (id integer PRIMARY KEY, p pair);
CREATE OPERATOR CLASS pair_ops DEFAULT FOR TYPE pair USING btree AS OPERATOR 1 <#, FUNCTION 1 pair_cmp(pair, pair);
