CREATE OPERATOR <<< (LEFTARG = integer, RIGHTARG = integer, FUNCTION = int4lt, COMMUTATOR = <<<);
CREATE OPERATOR >>> (LEFTARG = integer, RIGHTARG = integer, FUNCTION = int4gt, COMMUTATOR = <<<);
CREATE VIEW v AS SELECT 1 >>> 2 AS is_so;

CREATE OPERATOR ~== (LEFTARG = integer, RIGHTARG = bigint, FUNCTION = int48ne);
CREATE OPERATOR === (LEFTARG = integer, RIGHTARG = bigint, FUNCTION = int48eq, NEGATOR = ~==);
CREATE OPERATOR !== (LEFTARG = integer, RIGHTARG = bigint, FUNCTION = int48ne, NEGATOR = ===);

CREATE OPERATOR !? (LEFTARG = bigint, RIGHTARG = bigint, FUNCTION = int8eq);
