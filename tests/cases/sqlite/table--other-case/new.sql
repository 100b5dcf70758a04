CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT);
CREATE INDEX users_by_name ON users (name);
CREATE VIEW names AS SELECT name FROM users;
