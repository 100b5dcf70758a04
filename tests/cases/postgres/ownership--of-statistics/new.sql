CREATE TABLE t (id integer, n integer);
CREATE STATISTICS given ON id, n FROM t; ALTER STATISTICS given OWNER TO "app user";
CREATE STATISTICS moved ON n, id FROM t; ALTER STATISTICS moved OWNER TO "reader""s";
CREATE STATISTICS returned ON n, id FROM t;
