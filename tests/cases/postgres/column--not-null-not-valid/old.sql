CREATE TABLE t (a int, b int NOT NULL, "c %" int);
ALTER TABLE t ADD NOT NULL "c %" NOT VALID;
