CREATE TABLE users (id int PRIMARY KEY, org int, code text, UNIQUE (org, code));
CREATE TABLE orders (user_id int CONSTRAINT fk REFERENCES users); COMMENT ON CONSTRAINT fk ON orders IS 'buyer';
