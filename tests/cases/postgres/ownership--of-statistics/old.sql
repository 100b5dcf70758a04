CREATE TABLE t (id integer, n integer);
CREATE STATISTICS given ON id, n FROM t;
CREATE STATISTICS moved ON n, id FROM t; ALTER STATISTICS moved OWNER TO "app user";
CREATE STATISTICS returned ON n, id FROM t; ALTER STATISTICS returned OWNER TO "app user";
