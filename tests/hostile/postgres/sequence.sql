CREATE TABLE @name:t@ (@name@ integer);
CREATE SEQUENCE @name@ OWNED BY @name:t@.@name@;
COMMENT ON SEQUENCE @name@ IS @text:comment@;
ALTER TABLE @name:t@ ALTER @name@ SET DEFAULT nextval(@regclass@);
GRANT USAGE ON SEQUENCE @name@ TO @role@;
