CREATE TABLE spans (a int, b int, CONSTRAINT ordered CHECK (a < b));
