CREATE TABLE a (n int); CREATE TABLE b (n int); CREATE INDEX ix ON a (n);
