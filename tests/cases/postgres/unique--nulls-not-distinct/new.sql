CREATE TABLE users (email text, CONSTRAINT users_key UNIQUE NULLS NOT DISTINCT (email));
