CREATE FOREIGN TABLE "f t" (id integer OPTIONS (colname 'i''d', "a b" 'x') , name character varying(10), more bigint OPTIONS (colname 'm'), g integer GENERATED ALWAYS AS (id + 1) STORED)
SERVER "the server" OPTIONS (schema 's', "table" 'a=b');
