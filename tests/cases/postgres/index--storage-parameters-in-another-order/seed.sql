INSERT INTO people VALUES (1, 'Ann', 'a@x', ARRAY[1, 2]), (2, NULL, NULL, NULL);
