INSERT INTO t (came) VALUES (41), (7);
