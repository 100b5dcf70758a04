CREATE TYPE mood AS ENUM ('happy');
CREATE TABLE t (id integer PRIMARY KEY, m text NOT NULL DEFAULT 'sad', many mood[]);
