CREATE TABLE t (a text COLLATE "C", b text, c text COLLATE "C");
CREATE INDEX i ON t (b);
