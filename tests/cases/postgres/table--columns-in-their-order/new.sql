CREATE TABLE other (a int);
CREATE FUNCTION gen_id() RETURNS text LANGUAGE sql AS $$ SELECT 'x' $$;
CREATE FUNCTION doubled(n int) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT 2 * n $$;
CREATE TABLE z (n int DEFAULT 1, m int);
CREATE FUNCTION of_z(z z) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT 7 $$;
CREATE TABLE t (
    id text PRIMARY KEY DEFAULT gen_id(),
    twice int GENERATED ALWAYS AS (doubled(c)) STORED,
    a int,
    low text GENERATED ALWAYS AS (lower(b)) STORED,
    b text,
    c int,
    whole z,
    sum int GENERATED ALWAYS AS (a + c) STORED,
    seven int DEFAULT of_z(NULL),
    last int CHECK (doubled(last) > 1)
);
ALTER TABLE t ALTER COLUMN a SET STATISTICS 17;
ALTER TABLE t ALTER COLUMN b SET STORAGE EXTERNAL;
ALTER TABLE t ALTER COLUMN c SET (n_distinct = 5);
