CREATE TABLE users (email text, CONSTRAINT users_key UNIQUE (email));
