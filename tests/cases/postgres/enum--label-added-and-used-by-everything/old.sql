CREATE TYPE "a""Mood" AS ENUM ('sad', 'happy');
CREATE TYPE parcel AS (mood "a""Mood", size integer);
CREATE DOMAIN calm AS "a""Mood" CHECK (VALUE <> 'sad');
CREATE TABLE t (id integer PRIMARY KEY, m "a""Mood" NOT NULL DEFAULT 'sad', many "a""Mood"[], boxed parcel);
CREATE TABLE calmly (id integer, m calm DEFAULT 'happy');
CREATE VIEW sad AS SELECT id FROM t WHERE m = 'sad';
CREATE FUNCTION is_sad(m "a""Mood") RETURNS boolean LANGUAGE sql BEGIN ATOMIC SELECT m = 'sad'; END;
CREATE INDEX by_mood ON t (id) WHERE m = 'happy';
