CREATE TABLE a (id int, code text NOT NULL, CONSTRAINT a_pkey PRIMARY KEY (id) INCLUDE (code));
CREATE TABLE b (a_id int CONSTRAINT b_a REFERENCES a (id));
