CREATE TABLE people (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name varchar(40), "a""b" text, n serial);
GRANT SELECT, INSERT ON people TO "app user";
GRANT UPDATE (name) ON people TO "app user";
GRANT USAGE ON SEQUENCE people_id_seq, people_n_seq TO "app user";
CREATE MATERIALIZED VIEW mv AS SELECT id FROM people;
GRANT SELECT ON mv TO "reader""s";
