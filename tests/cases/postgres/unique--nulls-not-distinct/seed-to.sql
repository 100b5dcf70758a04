INSERT INTO users VALUES ('a'), (NULL);
