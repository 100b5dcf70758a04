CREATE OPERATOR FAMILY "box ops" USING "My ""gist";
CREATE OPERATOR CLASS "box ops" FOR TYPE box USING "My ""gist" FAMILY "box ops" AS
    OPERATOR 3 &&, OPERATOR 6 ~=, FUNCTION 1 gist_box_consistent(internal, box, smallint, oid, internal),
    FUNCTION 2 gist_box_union(internal, internal), FUNCTION 5 gist_box_penalty(internal, internal, internal),
    FUNCTION 6 gist_box_picksplit(internal, internal), FUNCTION 7 gist_box_same(box, box, internal);
COMMENT ON OPERATOR CLASS "box ops" USING "My ""gist" IS 'a class';
COMMENT ON OPERATOR FAMILY "box ops" USING "My ""gist" IS 'a family';
CREATE TABLE places (
    id integer PRIMARY KEY, at box, CONSTRAINT apart EXCLUDE USING "My ""gist" (at "box ops" WITH &&)
);
CREATE INDEX by_place ON places USING "My ""gist" (at "box ops");
