INSERT INTO users VALUES ('a', 'x'), (NULL, NULL);
