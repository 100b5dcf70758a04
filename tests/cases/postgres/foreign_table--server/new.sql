CREATE FOREIGN TABLE "f t" (id integer OPTIONS (colname 'i''d', "a b" 'x') NOT NULL, name text COLLATE "C" DEFAULT 'x')
SERVER "other" OPTIONS (schema 's', "table" 'a=b');
