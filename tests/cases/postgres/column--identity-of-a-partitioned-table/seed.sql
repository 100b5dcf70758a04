INSERT INTO t (kind) VALUES ('a'), ('a'); INSERT INTO s VALUES (1, 'a');
