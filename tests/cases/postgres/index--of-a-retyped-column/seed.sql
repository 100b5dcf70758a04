INSERT INTO people VALUES ('a', 1), (NULL, 2);
