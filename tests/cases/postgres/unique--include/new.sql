CREATE TABLE users (email text, name text, CONSTRAINT users_key UNIQUE (email) INCLUDE (name));
