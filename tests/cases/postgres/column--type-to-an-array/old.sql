CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE TABLE t (a int DEFAULT 1, b uuid, c mood, d text, CONSTRAINT positive CHECK (a > 0));
