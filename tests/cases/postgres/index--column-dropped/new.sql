CREATE TABLE people (a int);
