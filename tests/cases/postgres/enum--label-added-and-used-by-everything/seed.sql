INSERT INTO t VALUES (1, 'sad', '{sad,happy}', '(sad,1)'), (2, 'happy', NULL, NULL);
INSERT INTO calmly VALUES (1, 'happy');
