CREATE TYPE mood AS ENUM ('sad', 'it''s ok', 'happy', 'new');
CREATE TABLE t (id integer PRIMARY KEY, m mood NOT NULL DEFAULT 'new', many mood[]);
