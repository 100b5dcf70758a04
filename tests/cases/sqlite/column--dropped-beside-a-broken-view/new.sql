CREATE TABLE t (a INT);
CREATE VIEW broken AS SELECT none FROM nowhere;
