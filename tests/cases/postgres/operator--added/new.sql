CREATE FUNCTION same(a text, b text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT lower(a) OPERATOR(pg_catalog.=) lower(b)';
CREATE FUNCTION same(a integer, b integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT a % 10 OPERATOR(pg_catalog.=) b % 10';
CREATE FUNCTION "Other one"(a text, b text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT lower(a) OPERATOR(pg_catalog.<>) lower(b)';

CREATE OPERATOR =~= (FUNCTION = same, LEFTARG = text, RIGHTARG = text, COMMUTATOR = =~=, NEGATOR = <~>,
    RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES);
CREATE OPERATOR <~> (FUNCTION = "Other one", LEFTARG = text, RIGHTARG = text, COMMUTATOR = <~>, NEGATOR = =~=,
    RESTRICT = neqsel, JOIN = neqjoinsel);
CREATE OPERATOR =~= (FUNCTION = same, LEFTARG = integer, RIGHTARG = integer);
CREATE FUNCTION bang(a integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT a + 1';
CREATE OPERATOR !~! (FUNCTION = bang, RIGHTARG = integer);
COMMENT ON OPERATOR =~= (text, text) IS 'the ''same'' but for "capitals"';
COMMENT ON OPERATOR !~! (NONE, integer) IS 'one more';
