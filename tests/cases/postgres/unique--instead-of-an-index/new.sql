CREATE TABLE users (n int, CONSTRAINT users_n UNIQUE (n));
