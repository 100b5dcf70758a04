CREATE TYPE "Span" AS RANGE (SUBTYPE = double precision, SUBTYPE_DIFF = float8mi, MULTIRANGE_TYPE_NAME = "many ""spans");
COMMENT ON TYPE "Span" IS 'it''s';
COMMENT ON TYPE "many ""spans" IS 'many';
CREATE TABLE t (id integer, s "Span" DEFAULT "Span"(0.5, 1.5), m "many ""spans");
CREATE VIEW v AS SELECT id FROM t WHERE s && '[1,2]'::"Span";
CREATE FUNCTION width(s "Span") RETURNS double precision LANGUAGE sql AS 'SELECT upper(s) - lower(s)';
