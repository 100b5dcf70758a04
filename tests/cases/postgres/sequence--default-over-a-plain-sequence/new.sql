CREATE SEQUENCE "My numbers"; CREATE TABLE t (id int NOT NULL DEFAULT nextval('"My numbers"'), n int);
