CREATE TABLE base (id integer, note text DEFAULT 'x', CONSTRAINT sane CHECK (id > 0));
CREATE TABLE heir (own integer) INHERITS (base);
