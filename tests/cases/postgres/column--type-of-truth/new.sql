CREATE TABLE t (a bigint DEFAULT 1, b boolean NOT NULL DEFAULT true, c boolean, d bigint[], e text DEFAULT 'true');
CREATE INDEX i ON t (b) WHERE b;
