CREATE TABLE t (id INTEGER PRIMARY KEY, a VARCHAR(10), b TEXT, c, d "unsigned big int", e DECIMAL(10,2));
