CREATE AGGREGATE total(integer) (SFUNC = int4pl, STYPE = integer);
CREATE AGGREGATE n(*) (SFUNC = int8inc, STYPE = bigint, INITCOND = '0');
CREATE AGGREGATE pct(double precision ORDER BY anyelement) (SFUNC = ordered_set_transition, STYPE = internal, FINALFUNC = percentile_disc_final, FINALFUNC_EXTRA);
CREATE AGGREGATE place(VARIADIC "any" ORDER BY VARIADIC "any") (SFUNC = ordered_set_transition_multi, STYPE = internal, FINALFUNC = rank_final, FINALFUNC_EXTRA, HYPOTHETICAL);
REVOKE EXECUTE ON FUNCTION total(integer) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION n() FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION pct(double precision, anyelement) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION place(VARIADIC "any") FROM PUBLIC;
