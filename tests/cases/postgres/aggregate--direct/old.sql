CREATE FUNCTION done(s internal, a double precision, b double precision) RETURNS double precision LANGUAGE internal AS 'percentile_disc_final';
CREATE FUNCTION done(s internal, b double precision) RETURNS double precision LANGUAGE internal AS 'mode_final';
CREATE FUNCTION acc(s internal, a double precision) RETURNS internal LANGUAGE internal AS 'ordered_set_transition';
CREATE FUNCTION acc(s internal, a double precision, b double precision) RETURNS internal LANGUAGE internal AS 'ordered_set_transition_multi';
CREATE AGGREGATE p(double precision ORDER BY double precision) (SFUNC = acc, STYPE = internal, FINALFUNC = done, FINALFUNC_EXTRA);
