CREATE TYPE mood AS ENUM ('a', 'old one', 'c');
CREATE TYPE other AS ENUM ('old one', 'b');
CREATE DOMAIN moods AS mood DEFAULT 'old one'::mood CHECK (VALUE <> 'a');
CREATE TABLE t (
    id integer PRIMARY KEY,
    mood mood DEFAULT 'old one' CHECK (mood IN ('a', 'old one')),
    word text DEFAULT 'old one',
    other other DEFAULT 'old one',
    many mood[] DEFAULT ARRAY['old one'::mood],
    is_it boolean GENERATED ALWAYS AS (mood = 'old one'::mood) STORED,
    domain moods
);
CREATE INDEX i ON t (id) WHERE mood = 'old one';
CREATE VIEW v AS SELECT id FROM t WHERE mood = 'old one' AND word <> 'old one';
CREATE MATERIALIZED VIEW m AS SELECT CASE mood WHEN 'old one' THEN 1 END AS one FROM t;
CREATE FUNCTION f(m mood DEFAULT 'old one') RETURNS mood LANGUAGE sql RETURN coalesce(m, 'old one');
CREATE TABLE parted (mood mood) PARTITION BY LIST (mood);
