CREATE TABLE was (id serial, n integer);
