CREATE TABLE t (a INT CONSTRAINT a_is_positive CHECK (a > 0));
