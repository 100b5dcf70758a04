CREATE TABLE base (id integer, extra integer, CONSTRAINT sane CHECK (id > 0));
CREATE TABLE heir (own integer, id integer, note text DEFAULT 'x', CONSTRAINT sane CHECK (id > 0));
