CREATE TABLE t (a int, b int); CREATE SEQUENCE numbers OWNED BY t.a;
