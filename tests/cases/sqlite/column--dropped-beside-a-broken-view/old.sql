CREATE TABLE t (a INT, b INT);
CREATE VIEW broken AS SELECT none FROM nowhere;
