CREATE TABLE users (a int);
