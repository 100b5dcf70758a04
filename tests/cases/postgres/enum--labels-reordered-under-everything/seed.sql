INSERT INTO t (id, m, many) VALUES (1, 'sad', '{sad,happy}'), (2, 'happy', NULL);
UPDATE t SET d = 'happy', p = ROW('sad', 3);
