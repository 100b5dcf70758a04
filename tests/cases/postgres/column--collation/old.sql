CREATE TABLE t (a text, b text COLLATE "C", c text COLLATE "POSIX");
CREATE INDEX i ON t (b);
