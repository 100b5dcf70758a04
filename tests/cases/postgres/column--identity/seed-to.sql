INSERT INTO t (gone) VALUES (41), (7);
