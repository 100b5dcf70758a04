CREATE TYPE mood AS ENUM ('first', 'sad', 'between', 'and', 'it''s ok', 'happy', 'last');
CREATE TABLE t (id integer PRIMARY KEY, m mood NOT NULL DEFAULT 'sad', many mood[]);
