CREATE TYPE pair AS (a integer, c text);
CREATE TABLE t OF pair (PRIMARY KEY (a));
CREATE INDEX i ON t (c);
