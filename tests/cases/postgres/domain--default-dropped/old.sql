CREATE DOMAIN amount AS integer DEFAULT 3;
CREATE TABLE t (id integer PRIMARY KEY, a amount);
