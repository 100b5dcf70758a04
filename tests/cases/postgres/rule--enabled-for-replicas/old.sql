CREATE TABLE t (id integer, a text);
CREATE TABLE log (id integer, what text);
CREATE RULE r AS ON UPDATE TO t DO ALSO NOTIFY n;
ALTER TABLE t ENABLE ALWAYS RULE r;
