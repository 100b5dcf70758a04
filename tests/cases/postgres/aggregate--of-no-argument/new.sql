CREATE AGGREGATE n(*) (SFUNC = int8inc, STYPE = bigint, INITCOND = '10');
COMMENT ON AGGREGATE n(*) IS 'count';
