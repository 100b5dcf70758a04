CREATE TABLE t (a boolean DEFAULT true, b smallint NOT NULL DEFAULT 1, c bigint, d boolean[], e boolean);
CREATE INDEX i ON t (b) WHERE b > 0;
