CREATE TABLE names (id integer PRIMARY KEY, n text);
