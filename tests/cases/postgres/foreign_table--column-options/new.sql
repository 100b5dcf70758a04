CREATE FOREIGN TABLE "f t" (id integer OPTIONS (colname 'other', z 'z') NOT NULL, name text COLLATE "C" DEFAULT 'x')
SERVER "the server" OPTIONS (schema 's', "table" 'a=b');
