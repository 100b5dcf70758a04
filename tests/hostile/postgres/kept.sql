-- How and where relations are kept.
CREATE TABLE @name@ (@name@ text, CONSTRAINT @name:p@ PRIMARY KEY (@name@) USING INDEX TABLESPACE @tablespace@) USING @name@ TABLESPACE @tablespace@;
CREATE MATERIALIZED VIEW @name:m@ USING @name@ TABLESPACE @tablespace@ AS SELECT @name@ FROM @name@;
CREATE INDEX @name:i@ ON @name@ (@name@) TABLESPACE @tablespace@;
CREATE OPERATOR FAMILY @name@ USING @name:i@;
CREATE OPERATOR CLASS @name@ FOR TYPE box USING @name:i@ FAMILY @name@ AS
    OPERATOR 3 &&, OPERATOR 6 ~=, FUNCTION 1 gist_box_consistent(internal, box, smallint, oid, internal),
    FUNCTION 2 gist_box_union(internal, internal), FUNCTION 5 gist_box_penalty(internal, internal, internal),
    FUNCTION 6 gist_box_picksplit(internal, internal), FUNCTION 7 gist_box_same(box, box, internal);
CREATE TABLE @name:t@ (
    @name@ box, @name:u@ text,
    CONSTRAINT @name:x@ EXCLUDE USING @name:i@ (@name@ @name@ WITH &&) USING INDEX TABLESPACE @tablespace@,
    CONSTRAINT @name:un@ UNIQUE (@name:u@) USING INDEX TABLESPACE @tablespace@
);
CREATE INDEX @name:y@ ON @name:t@ USING @name:i@ (@name@ @name@);
