CREATE TABLE one (a integer);
CREATE TABLE two (a integer);
CREATE FUNCTION one_of(two) RETURNS one LANGUAGE sql IMMUTABLE AS 'SELECT ROW($1.a)::one';
CREATE CAST (two AS one) WITH FUNCTION one_of(two) AS ASSIGNMENT;
