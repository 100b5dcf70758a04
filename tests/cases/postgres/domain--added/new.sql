CREATE DOMAIN amount AS numeric(10,2) DEFAULT 1.5 NOT NULL CONSTRAINT positive CHECK (VALUE > 0) CHECK (VALUE < 1000);
COMMENT ON DOMAIN amount IS 'money';
CREATE DOMAIN code AS varchar(10) COLLATE "C" CHECK (VALUE ~ '^[A-Z]+$');
CREATE DOMAIN codes AS code[];
CREATE TABLE t (id integer PRIMARY KEY, a amount);
