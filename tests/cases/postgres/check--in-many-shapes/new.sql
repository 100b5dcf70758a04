CREATE TABLE t (
  a int, b int, s text, v varchar(20), c char(3), d date, ts timestamptz, i interval, j jsonb, arr text[], r int4range,
  CHECK (a BETWEEN 1 AND 10),
  CHECK (a IS DISTINCT FROM b OR NOT (a < b AND b < 5)),
  CHECK (v IN ('a', 'b') AND v NOT LIKE 'x%'),
  CHECK (c = ANY (ARRAY['abc', 'def'])),
  CHECK (s ~ '^[a-z]+$' OR s ILIKE '%é''%'),
  CHECK (d > DATE '2000-01-01' AND ts < TIMESTAMPTZ '2100-01-01 00:00:00+02'),
  CHECK (i <= INTERVAL '1 day 2 hours'),
  CHECK (j ? 'key' AND j ->> 'key' <> ''),
  CHECK (cardinality(arr) > 0 AND 'x' = ANY (arr)),
  CHECK (r && int4range(1, 10)),
  CHECK (CASE WHEN a > 0 THEN b IS NOT NULL ELSE coalesce(b, 0) = 0 END),
  CHECK ((s COLLATE "C") > 'a'),
  CHECK (length(s) > 0 AND lower(v) = v::text),
  CHECK (a::bigint * 2 + -1 <> 0 AND (a, b) <> (1, 2)),
  CHECK (extract(year FROM d) >= 2000),
  CHECK (v::text IN ('q', 'r') IS NOT TRUE)
);
