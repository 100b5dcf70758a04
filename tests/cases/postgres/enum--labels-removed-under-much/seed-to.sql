INSERT INTO t VALUES (1, 'new', '{done}', 'b''ad', '(new,1)');
