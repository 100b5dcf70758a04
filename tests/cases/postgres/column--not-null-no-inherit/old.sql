CREATE TABLE t (a int NOT NULL NO INHERIT, b int NOT NULL, "c %" int);
