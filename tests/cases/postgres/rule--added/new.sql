CREATE TABLE t (id integer, a text);
CREATE TABLE log (id integer, what text);
CREATE RULE "no ""del" AS ON DELETE TO t DO INSTEAD NOTHING;
CREATE RULE logged AS ON UPDATE TO t WHERE old.a IS DISTINCT FROM new.a AND new.a <> 'it''s; TO' DO ALSO (INSERT INTO log VALUES (new.id, new.a); DELETE FROM log WHERE log.id = old.id AND what IN ('a', 'b'));
CREATE RULE told AS ON INSERT TO t DO ALSO NOTIFY "Chan";
COMMENT ON RULE told ON t IS 'it''s';
