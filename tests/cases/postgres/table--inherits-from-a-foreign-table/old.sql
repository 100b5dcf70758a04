CREATE FOREIGN TABLE far (id integer, note text NOT NULL) SERVER elsewhere;
CREATE TABLE child (own integer) INHERITS (far);
