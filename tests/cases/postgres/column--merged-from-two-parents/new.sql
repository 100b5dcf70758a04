CREATE TABLE a (id bigint, v text DEFAULT 'a', z integer DEFAULT 3);
CREATE TABLE b (id bigint NOT NULL, v text DEFAULT 'a', z integer DEFAULT 3, CHECK (id > 1));
CREATE TABLE both_of_them (own integer) INHERITS (a, b);
