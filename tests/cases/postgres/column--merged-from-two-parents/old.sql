CREATE TABLE a (id integer, v text DEFAULT 'a');
CREATE TABLE b (id integer NOT NULL, v text DEFAULT 'a', CHECK (id > 0));
CREATE TABLE both_of_them (own integer) INHERITS (a, b);
