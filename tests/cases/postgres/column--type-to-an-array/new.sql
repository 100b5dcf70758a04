CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE TABLE t (a bigint[] DEFAULT '{1}', b uuid[], c mood[], d text[], CONSTRAINT positive CHECK (a[1] > 0));
