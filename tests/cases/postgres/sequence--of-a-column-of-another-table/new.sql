CREATE TABLE a (id int);
CREATE TABLE "b %" (id int);
CREATE SEQUENCE s OWNED BY a.id;
ALTER TABLE "b %" ALTER id SET DEFAULT nextval('s');
