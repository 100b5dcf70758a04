CREATE TABLE spans (a text, b text, CONSTRAINT ordered CHECK (a < b));
