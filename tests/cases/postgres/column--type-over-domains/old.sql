CREATE DOMAIN age AS bigint CHECK (VALUE >= 0);
CREATE DOMAIN "mo ment" AS date;
CREATE DOMAIN name AS varchar(20);
CREATE TABLE t (a age DEFAULT 5, b int, c name, d text);
