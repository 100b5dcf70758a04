CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, b TEXT);
CREATE TABLE log (what TEXT, at TEXT);
CREATE VIEW v AS SELECT id, a FROM t;
CREATE TRIGGER g AFTER UPDATE ON t BEGIN
  -- a comment; with a semicolon
  UPDATE OR IGNORE log SET what = CASE WHEN NEW.a > 1 THEN 'END;' ELSE "what" END WHERE at < (SELECT max(at) FROM log);
  INSERT INTO log (what, at) SELECT "b", 'now' FROM t WHERE id = NEW.id AND "b" <> "no column";
  INSERT OR REPLACE INTO t (id, a) VALUES (NEW.id + 1, 1) ON CONFLICT (id) DO UPDATE SET a = excluded.a;
  DELETE FROM log WHERE what IN (SELECT b FROM t);
END;
