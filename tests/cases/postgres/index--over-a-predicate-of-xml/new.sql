CREATE TABLE t (id integer, v varchar(10), w text, x xml);
CREATE INDEX i ON t ((x IS DOCUMENT));
CREATE INDEX j ON t (coalesce(v, w), (lower(v)), (upper(v) || lower(w)), (v::text COLLATE "C"));
