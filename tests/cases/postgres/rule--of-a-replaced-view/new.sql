CREATE TABLE t (id integer, a text);
CREATE TABLE log (id integer, what text);
CREATE VIEW v AS SELECT id, a::varchar(20) AS a FROM t;
CREATE RULE ins AS ON INSERT TO v DO INSTEAD INSERT INTO t VALUES (new.id, new.a) RETURNING t.id, t.a::varchar(20);
CREATE RULE upd AS ON UPDATE TO v DO INSTEAD UPDATE t SET a = new.a WHERE t.id = old.id;
CREATE RULE del AS ON DELETE TO v DO INSTEAD DELETE FROM t WHERE t.id = old.id;
COMMENT ON RULE del ON v IS 'd';
