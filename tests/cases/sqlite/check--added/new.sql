CREATE TABLE t (a INT, b INT, CHECK (a > 0 OR b IN (1, 2)));
