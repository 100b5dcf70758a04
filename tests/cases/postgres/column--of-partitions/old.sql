CREATE TABLE t (kind text NOT NULL, id integer NOT NULL, gone text DEFAULT 'x', small integer DEFAULT 1, calm text DEFAULT 'c', must text NOT NULL, bare integer) PARTITION BY LIST (kind);
CREATE TABLE t_a PARTITION OF t FOR VALUES IN ('a');
CREATE TABLE t_b PARTITION OF t FOR VALUES IN ('b') PARTITION BY RANGE (id);
CREATE TABLE t_b_1 PARTITION OF t_b DEFAULT;

ALTER TABLE t_a ALTER COLUMN calm SET DEFAULT 'own';
ALTER TABLE t_b ALTER COLUMN small SET DEFAULT 9;
CREATE INDEX small_idx ON t (small);
CREATE INDEX t_a_gone ON t_a (gone);
CREATE VIEW of_part AS SELECT id, small FROM t_b_1;
COMMENT ON COLUMN t_a.small IS 'little';
