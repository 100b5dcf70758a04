CREATE TABLE users (id int PRIMARY KEY, org int, code text, UNIQUE (org, code));
CREATE TABLE orders (user_id int, org int, code text, CONSTRAINT fk FOREIGN KEY (user_id) REFERENCES users (id));
