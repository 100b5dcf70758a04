INSERT INTO t VALUES (1, 'new', 'done', '{done,new}', '{done}');
