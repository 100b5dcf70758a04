CREATE TYPE e AS ENUM ('c', 'a', 'b', 'd');
CREATE TABLE p (id integer NOT NULL, s text, c e) PARTITION BY LIST (s);
