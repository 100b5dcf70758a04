CREATE TABLE t (id integer, a text);
CREATE TABLE log (id integer, what text);
CREATE RULE r AS ON UPDATE TO t WHERE new.id > 1 DO INSTEAD INSERT INTO log VALUES (new.id, 'v');
