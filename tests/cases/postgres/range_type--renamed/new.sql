CREATE TYPE "my span" AS RANGE (SUBTYPE = integer, MULTIRANGE_TYPE_NAME = select_many);
CREATE TABLE t (
    id integer PRIMARY KEY,
    s "my span" DEFAULT "my span"(1, 2) CHECK (s <> "my span"(3, 4, '[]')),
    many select_many DEFAULT select_many("my span"(1, 5)),
    several "my span"[],
    is_it boolean GENERATED ALWAYS AS (s <@ select_many("my span"(1, 2), "my span"(4, 9))) STORED
);
CREATE INDEX i ON t USING gist (s) WHERE NOT s = "my span"(7, 8);
CREATE VIEW v AS SELECT id, s * "my span"(1, 9) AS part, select_many() AS none FROM t;
CREATE FUNCTION f(s "my span", m select_many) RETURNS boolean LANGUAGE sql RETURN s <@ m AND s <> "my span"(1, 2);
