CREATE TABLE t (id integer, a text);
CREATE TABLE log (id integer, what text);
CREATE RULE r AS ON UPDATE TO t WHERE new.a = 'x' DO ALSO INSERT INTO log VALUES (new.id, 'u');
