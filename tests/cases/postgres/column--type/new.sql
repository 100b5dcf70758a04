CREATE TABLE t (
    wider bigint DEFAULT 7 NOT NULL,
    longer text DEFAULT 'abc',
    parsed integer DEFAULT 12,
    exact numeric(12,2) DEFAULT 1.50,
    list bigint[] DEFAULT '{1,2}'
);
CREATE INDEX t_wider ON t (wider);
