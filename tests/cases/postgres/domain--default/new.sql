CREATE DOMAIN amount AS integer DEFAULT 4;
CREATE TABLE t (id integer PRIMARY KEY, a amount);
