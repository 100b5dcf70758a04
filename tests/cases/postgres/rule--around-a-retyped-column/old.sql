CREATE TABLE t (id integer, a text);
CREATE TABLE log (id integer, what text);
CREATE RULE r AS ON UPDATE TO t WHERE new.a = 'x' DO ALSO INSERT INTO log VALUES (new.id, 'u');
ALTER TABLE t DISABLE RULE r;
COMMENT ON RULE r ON t IS 'r';
CREATE RULE s AS ON UPDATE TO log DO ALSO UPDATE t SET a = 'y' WHERE t.id = new.id;
