CREATE TABLE t (id integer, v varchar(10), w text, x xml);
