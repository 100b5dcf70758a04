CREATE TABLE t (
    wider int DEFAULT 7 NOT NULL,
    longer varchar(10) DEFAULT 'abc',
    parsed text DEFAULT '12',
    exact numeric(10,2) DEFAULT 1.50,
    list int[] DEFAULT '{1,2}'
);
CREATE INDEX t_wider ON t (wider);
