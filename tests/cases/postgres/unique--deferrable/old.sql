CREATE TABLE users (n int, CONSTRAINT users_key UNIQUE (n));
