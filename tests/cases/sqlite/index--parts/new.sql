CREATE TABLE t (a INT, b TEXT, c TEXT);
CREATE INDEX i ON t (b DESC, a, c COLLATE NOCASE, (a || ' ' || "b"), json_extract(c, '$.x') COLLATE NOCASE DESC);
