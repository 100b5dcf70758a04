CREATE TABLE t (id int, n int);
CREATE SEQUENCE "s %" OWNED BY t.id;
ALTER TABLE t ADD COLUMN other int DEFAULT nextval('"s %"');
CREATE TABLE u (id int DEFAULT nextval('"s %"'), n int);
CREATE VIEW v AS SELECT nextval('"s %"') AS next;
