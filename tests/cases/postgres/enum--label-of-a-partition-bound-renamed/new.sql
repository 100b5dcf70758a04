CREATE TYPE mood AS ENUM ('a', 'c');
CREATE TABLE t (id integer, mood mood) PARTITION BY LIST (mood);
CREATE TABLE t_a PARTITION OF t FOR VALUES IN ('a');
CREATE TABLE t_b PARTITION OF t FOR VALUES IN ('c');
CREATE TABLE many (id integer, moods mood[] DEFAULT '{a,c}') PARTITION BY RANGE (moods);
CREATE TABLE few PARTITION OF many FOR VALUES FROM ('{a}') TO ('{c}');
