CREATE DOMAIN age AS bigint CHECK (VALUE >= 0);
CREATE DOMAIN "mo ment" AS date;
CREATE DOMAIN name AS varchar(20);
CREATE TABLE t (a "mo ment" DEFAULT '2026-01-01', b age, c text, d name);
