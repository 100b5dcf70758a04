CREATE TABLE names (id integer PRIMARY KEY, n text);

CREATE FUNCTION lt(a text, b text) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT AS 'SELECT lower(a) OPERATOR(pg_catalog.<) lower(b)';
CREATE FUNCTION le(a text, b text) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT AS 'SELECT lower(a) OPERATOR(pg_catalog.<=) lower(b)';
CREATE FUNCTION eq(a text, b text) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT AS 'SELECT lower(a) OPERATOR(pg_catalog.=) lower(b)';
CREATE FUNCTION ge(a text, b text) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT AS 'SELECT lower(a) OPERATOR(pg_catalog.>=) lower(b)';
CREATE FUNCTION gt(a text, b text) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT AS 'SELECT lower(a) OPERATOR(pg_catalog.>) lower(b)';
CREATE FUNCTION cmp(a text, b text) RETURNS integer LANGUAGE sql IMMUTABLE STRICT AS 'SELECT bttextcmp(lower(a), lower(b))';
CREATE FUNCTION hash(a text) RETURNS integer LANGUAGE sql IMMUTABLE STRICT AS 'SELECT hashtext(lower(a))';
CREATE OPERATOR <~ (FUNCTION = lt, LEFTARG = text, RIGHTARG = text, COMMUTATOR = >~, NEGATOR = >=~);
CREATE OPERATOR <=~ (FUNCTION = le, LEFTARG = text, RIGHTARG = text, COMMUTATOR = >=~, NEGATOR = >~);
CREATE OPERATOR =~ (FUNCTION = eq, LEFTARG = text, RIGHTARG = text, COMMUTATOR = =~, HASHES, MERGES);
CREATE OPERATOR >=~ (FUNCTION = ge, LEFTARG = text, RIGHTARG = text, COMMUTATOR = <=~, NEGATOR = <~);
CREATE OPERATOR >~ (FUNCTION = gt, LEFTARG = text, RIGHTARG = text, COMMUTATOR = <~, NEGATOR = <=~);
CREATE OPERATOR FAMILY f USING btree;
CREATE OPERATOR CLASS c FOR TYPE text USING btree FAMILY f AS OPERATOR 1 <~, OPERATOR 2 <=~, OPERATOR 3 =~, OPERATOR 4 >=~, OPERATOR 5 >~, FUNCTION 1 cmp(text, text);
CREATE UNIQUE INDEX i ON names (n c);
