CREATE TABLE v (one integer);
CREATE VIEW w AS SELECT one FROM v;
