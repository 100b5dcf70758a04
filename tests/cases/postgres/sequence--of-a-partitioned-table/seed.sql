INSERT INTO t (kind) VALUES ('a'), ('b');
