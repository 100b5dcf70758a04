CREATE TYPE mood AS ENUM ('a', 'it''s', 'c');
CREATE TYPE other AS ENUM ('old one', 'b');
CREATE DOMAIN moods AS mood DEFAULT 'it''s'::mood CHECK (VALUE <> 'a');
CREATE TABLE t (
    id integer PRIMARY KEY,
    mood mood DEFAULT 'it''s' CHECK (mood IN ('a', 'it''s')),
    word text DEFAULT 'old one',
    other other DEFAULT 'old one',
    many mood[] DEFAULT ARRAY['it''s'::mood],
    is_it boolean GENERATED ALWAYS AS (mood = 'it''s'::mood) STORED,
    domain moods
);
CREATE INDEX i ON t (id) WHERE mood = 'it''s';
CREATE VIEW v AS SELECT id FROM t WHERE mood = 'it''s' AND word <> 'old one';
CREATE MATERIALIZED VIEW m AS SELECT CASE mood WHEN 'it''s' THEN 1 END AS one FROM t;
CREATE FUNCTION f(m mood DEFAULT 'it''s') RETURNS mood LANGUAGE sql RETURN coalesce(m, 'it''s');
CREATE TABLE parted (mood mood) PARTITION BY LIST (mood);
