CREATE TABLE base (id integer, note text, CONSTRAINT sane CHECK (id > 0));
CREATE TABLE heir (own integer PRIMARY KEY, when_made date DEFAULT '2024-01-01', id integer, CONSTRAINT sane CHECK (id > 0)) INHERITS (base);
CREATE TABLE uses (own integer REFERENCES heir);
