CREATE TABLE users (n int, CONSTRAINT users_key UNIQUE (n)); COMMENT ON CONSTRAINT users_key ON users IS 'constraint';
