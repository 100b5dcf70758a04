CREATE AGGREGATE pct(double precision ORDER BY anyelement) (SFUNC = ordered_set_transition, STYPE = internal, FINALFUNC = percentile_disc_final, FINALFUNC_EXTRA);
CREATE AGGREGATE first(ORDER BY "Value" anyelement) (SFUNC = ordered_set_transition, STYPE = internal, FINALFUNC = mode_final, FINALFUNC_EXTRA, FINALFUNC_MODIFY = READ_WRITE);
CREATE AGGREGATE place(VARIADIC "any" ORDER BY VARIADIC "any") (SFUNC = ordered_set_transition_multi, STYPE = internal, FINALFUNC = rank_final, FINALFUNC_EXTRA, HYPOTHETICAL);
CREATE TABLE t (a double precision);
CREATE VIEW v AS SELECT pct(0.5) WITHIN GROUP (ORDER BY a) AS median, first() WITHIN GROUP (ORDER BY a) AS first, place(1.0::float8) WITHIN GROUP (ORDER BY a) AS place FROM t;
COMMENT ON AGGREGATE pct(double precision ORDER BY anyelement) IS 'percentile';
COMMENT ON AGGREGATE place(VARIADIC "any" ORDER BY VARIADIC "any") IS 'rank';
