CREATE TABLE users (email text, org int, CONSTRAINT users_key UNIQUE (org, email));
