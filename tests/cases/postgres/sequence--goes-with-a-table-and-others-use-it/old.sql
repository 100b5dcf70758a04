CREATE TABLE gone (id serial PRIMARY KEY);
CREATE TABLE also_gone (id int DEFAULT nextval('gone_id_seq'));
CREATE TABLE stays (id int DEFAULT nextval('gone_id_seq'), n int);

CREATE TABLE parts (id int, n int) PARTITION BY LIST (n);
CREATE TABLE part PARTITION OF parts FOR VALUES IN (1);
CREATE SEQUENCE of_a_part OWNED BY part.id;
CREATE TABLE by_part (id int DEFAULT nextval('of_a_part'), n int);

CREATE TABLE parent (id int, n int);
CREATE TABLE heir (more int) INHERITS (parent);
CREATE SEQUENCE of_an_heir OWNED BY heir.id;
CREATE TABLE by_heir (id int DEFAULT nextval('of_an_heir'), n int);

CREATE TABLE anew (id int, n int) PARTITION BY LIST (n);
CREATE TABLE anew_1 PARTITION OF anew FOR VALUES IN (1);
CREATE SEQUENCE of_anew OWNED BY anew.id;
CREATE SEQUENCE of_anew_1 OWNED BY anew_1.id;
CREATE TABLE by_anew (id int DEFAULT nextval('of_anew'), other int DEFAULT nextval('of_anew_1'), n int);

CREATE FOREIGN TABLE far (id int) SERVER "the server";
CREATE SEQUENCE of_far OWNED BY far.id;
CREATE TABLE by_far (id int DEFAULT nextval('of_far'), n int);
