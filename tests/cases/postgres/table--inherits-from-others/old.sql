CREATE TABLE a (x integer, y integer);
CREATE TABLE b (x integer, z integer);
CREATE TABLE c (x integer);
CREATE TABLE d (x integer, y integer, z integer);
ALTER TABLE d INHERIT a;
ALTER TABLE d INHERIT c;
