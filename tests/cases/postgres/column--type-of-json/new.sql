CREATE TABLE t (a jsonb DEFAULT '{}', b text, c int DEFAULT 1, d jsonb DEFAULT '3', e json);
