CREATE TABLE b (n int); CREATE INDEX ix ON b (n);
