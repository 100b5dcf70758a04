CREATE TYPE d AS ENUM ('1', '2');
CREATE TABLE t (a d, b d, c d[]);
