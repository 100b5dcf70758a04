CREATE TABLE a (n int); CREATE INDEX ix ON a (n);
