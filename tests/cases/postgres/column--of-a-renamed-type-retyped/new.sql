CREATE TYPE "d 2" AS ENUM ('1', '2');
CREATE TABLE t (a "d 2", b integer, c text[]);
