CREATE TABLE t (id integer, v varchar(10), w text, x xml);
ALTER TABLE t ADD CONSTRAINT c CHECK (v IN ('a' COLLATE "C", 'b'));
CREATE INDEX i ON t (id) WHERE v IN ('a', 'b' COLLATE "C");
CREATE INDEX j ON t ((v IN ('a' COLLATE "C", 'b')));
CREATE VIEW a AS SELECT id FROM t WHERE v NOT IN (lower(v) COLLATE "C", 'b');
