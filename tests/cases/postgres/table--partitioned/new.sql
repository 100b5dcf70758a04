CREATE TABLE notes (id integer PRIMARY KEY);
CREATE TABLE "me""asure%" (
    city integer NOT NULL,
    day date NOT NULL,
    peak integer DEFAULT 0,
    kind text,
    CONSTRAINT sane CHECK (peak < 100)
) PARTITION BY RANGE (day);
CREATE TABLE m_2024 PARTITION OF "me""asure%" FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE m_2025 PARTITION OF "me""asure%" (peak DEFAULT 5, CONSTRAINT warm CHECK (peak > -50))
    FOR VALUES FROM ('2025-01-01') TO ('2026-01-01') PARTITION BY LIST (kind);
CREATE TABLE m_2025_a PARTITION OF m_2025 FOR VALUES IN ('a', 'b');
CREATE TABLE m_2025_rest PARTITION OF m_2025 DEFAULT;
CREATE INDEX by_city ON "me""asure%" (city);
CREATE UNIQUE INDEX by_day ON "me""asure%" (day, kind, city);
CREATE INDEX own ON m_2024 (peak);
CREATE TABLE spread (id bigint PRIMARY KEY, label text) PARTITION BY HASH (id);
CREATE TABLE spread_0 PARTITION OF spread FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE spread_1 PARTITION OF spread FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE TABLE uses (id bigint REFERENCES spread (id));
CREATE TABLE computed (a integer, b integer) PARTITION BY RANGE (abs(a), b);
COMMENT ON TABLE m_2024 IS 'a year''s';
