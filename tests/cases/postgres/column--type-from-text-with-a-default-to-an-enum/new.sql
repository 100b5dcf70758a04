CREATE TYPE "sta te" AS ENUM ('new', 'done');
CREATE TABLE t (id int, s "sta te" NOT NULL DEFAULT 'new', v "sta te" DEFAULT 'done' CHECK (v <> 'new'), a "sta te"[] DEFAULT '{new}', l "sta te"[]);
CREATE INDEX i ON t (s) WHERE s = 'new';
CREATE VIEW w AS SELECT s FROM t WHERE s = 'new';
