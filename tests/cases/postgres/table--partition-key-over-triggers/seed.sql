INSERT INTO t (kind) VALUES ('a'), ('a'); INSERT INTO s (kind) VALUES ('x'); SELECT setval('s_id_seq', 70);
