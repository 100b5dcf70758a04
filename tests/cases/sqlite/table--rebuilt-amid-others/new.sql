CREATE TABLE parents (id INTEGER PRIMARY KEY AUTOINCREMENT, code VARCHAR(20) NOT NULL DEFAULT '?', note TEXT);
CREATE UNIQUE INDEX parents_code ON parents (code COLLATE NOCASE);
CREATE TABLE children (id INTEGER PRIMARY KEY, parent INTEGER NOT NULL REFERENCES parents (id) ON DELETE CASCADE);
CREATE TABLE log (what TEXT);
CREATE VIEW noted AS SELECT p.id, p.note, count(c.id) AS children FROM parents p LEFT JOIN children c ON c.parent = p.id GROUP BY p.id;
CREATE VIEW noted_twice AS SELECT * FROM noted;
CREATE TRIGGER parents_au AFTER UPDATE OF note ON parents WHEN NEW.note <> OLD.note BEGIN INSERT INTO log VALUES (NEW.note); END;
CREATE TRIGGER children_ai AFTER INSERT ON children BEGIN UPDATE parents SET note = 'has children' WHERE id = NEW.parent; END;
