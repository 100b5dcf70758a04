CREATE TYPE mood AS ENUM ('happy', 'it''s ok', 'sad');
CREATE TABLE t (id integer PRIMARY KEY, m mood NOT NULL DEFAULT 'sad', many mood[]);
