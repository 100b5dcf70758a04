CREATE TABLE t (kind text NOT NULL, id integer NOT NULL, small bigint DEFAULT 2, calm text DEFAULT 'd', must text, bare integer NOT NULL, "a ""new""" text DEFAULT 'n' NOT NULL, twice integer GENERATED ALWAYS AS (id * 2) STORED) PARTITION BY LIST (kind);
CREATE TABLE t_a PARTITION OF t FOR VALUES IN ('a');
CREATE TABLE t_b PARTITION OF t FOR VALUES IN ('b') PARTITION BY RANGE (id);
CREATE TABLE t_b_1 PARTITION OF t_b DEFAULT;

ALTER TABLE t_a ALTER COLUMN calm SET DEFAULT 'own';
ALTER TABLE t_b ALTER COLUMN small SET DEFAULT 9;
ALTER TABLE t_b ALTER COLUMN must SET NOT NULL;
ALTER TABLE t_b_1 ALTER COLUMN "a ""new""" SET DEFAULT 'mine';
CREATE INDEX small_idx ON t (small);
CREATE INDEX t_a_new ON t_a ("a ""new""");
CREATE VIEW of_part AS SELECT id, small FROM t_b_1;
COMMENT ON COLUMN t_a.small IS 'little';
COMMENT ON COLUMN t_a."a ""new""" IS 'fresh';
