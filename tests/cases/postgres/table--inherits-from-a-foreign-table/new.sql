CREATE FOREIGN TABLE far (id integer, note text NOT NULL, more integer, CHECK (more > 0)) SERVER elsewhere;
CREATE TABLE child (own integer) INHERITS (far);
CREATE TABLE another () INHERITS (far);
