CREATE TABLE people (a int, b int); CREATE INDEX ab ON people (a, b); CREATE INDEX a_where ON people (a) WHERE b > 0;
