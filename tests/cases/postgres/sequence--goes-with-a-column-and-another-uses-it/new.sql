CREATE TABLE t (n int);
CREATE TABLE u (id int, n int);
CREATE TABLE "s %" (n int);
