CREATE TABLE t (a INT);
CREATE VIEW broken AS SELECT nothing FROM nowhere;
