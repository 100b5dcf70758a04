CREATE TABLE a (id int);
CREATE TABLE "b %" (id int);
CREATE SEQUENCE s OWNED BY "b %".id;
ALTER TABLE a ALTER id SET DEFAULT nextval('s');
