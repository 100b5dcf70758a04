CREATE TYPE span AS RANGE (SUBTYPE = integer, MULTIRANGE_TYPE_NAME = spans);
CREATE TABLE t (
    id integer PRIMARY KEY,
    s span DEFAULT span(1, 2) CHECK (s <> span(3, 4, '[]')),
    many spans DEFAULT spans(span(1, 5)),
    several span[],
    is_it boolean GENERATED ALWAYS AS (s <@ spans(span(1, 2), span(4, 9))) STORED
);
CREATE INDEX i ON t USING gist (s) WHERE NOT s = span(7, 8);
CREATE VIEW v AS SELECT id, s * span(1, 9) AS part, spans() AS none FROM t;
CREATE FUNCTION f(s span, m spans) RETURNS boolean LANGUAGE sql RETURN s <@ m AND s <> span(1, 2);
