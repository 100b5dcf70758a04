CREATE TABLE t (kind text NOT NULL, id serial, PRIMARY KEY (kind, id)) PARTITION BY LIST (kind);
CREATE TABLE t_a PARTITION OF t FOR VALUES IN ('a');
CREATE TABLE "t b%" PARTITION OF t FOR VALUES IN ('b');
CREATE INDEX t_id ON t (id);
CREATE INDEX own ON "t b%" (kind);
CREATE TABLE uses (kind text, id integer, FOREIGN KEY (kind, id) REFERENCES t);
CREATE VIEW shown AS SELECT id FROM "t b%";
