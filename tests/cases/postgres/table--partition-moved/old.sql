CREATE TABLE p (id integer, n text DEFAULT 'p', CHECK (id > 0)) PARTITION BY LIST (id);
CREATE TABLE q (id integer NOT NULL, n text DEFAULT 'q') PARTITION BY LIST (id);
CREATE INDEX of_p ON p (id);
CREATE INDEX of_q ON q (n);
CREATE TABLE moved PARTITION OF p FOR VALUES IN (1);
