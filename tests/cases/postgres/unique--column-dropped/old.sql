CREATE TABLE users (a int, b int, CONSTRAINT users_key UNIQUE (a, b));
