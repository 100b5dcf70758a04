CREATE TABLE t (id int, s text NOT NULL DEFAULT 'new', v varchar(9) DEFAULT 'done' CHECK (v <> 'x'), a varchar(9)[] DEFAULT '{new}', l text);
CREATE INDEX i ON t (s) WHERE s = 'new';
CREATE VIEW w AS SELECT s FROM t WHERE s = 'new';
