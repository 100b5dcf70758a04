CREATE TABLE a (n int); CREATE TABLE c (x int);
