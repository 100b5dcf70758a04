CREATE TYPE e AS ENUM ('c');
CREATE TABLE p (id integer NOT NULL, s text, c e) PARTITION BY HASH (id);
