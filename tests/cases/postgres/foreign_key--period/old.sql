CREATE TABLE a (id int4range, at daterange, PRIMARY KEY (id, at WITHOUT OVERLAPS)); CREATE TABLE c (a_id int4range, at daterange);
