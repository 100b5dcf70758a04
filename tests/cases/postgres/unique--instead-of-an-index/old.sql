CREATE TABLE users (n int); CREATE UNIQUE INDEX users_n ON users (n);
