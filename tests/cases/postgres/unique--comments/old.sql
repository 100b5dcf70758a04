CREATE TABLE users (n int, CONSTRAINT users_key UNIQUE (n)); COMMENT ON INDEX users_key IS 'index';
