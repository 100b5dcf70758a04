CREATE TABLE users (id int PRIMARY KEY, org int, code text, UNIQUE (org, code));
