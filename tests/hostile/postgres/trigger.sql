CREATE TABLE @name:t@ (@name@ text, @name:b@ text);
CREATE FUNCTION @name@() RETURNS trigger LANGUAGE plpgsql AS @body@;
CREATE TRIGGER @name@ BEFORE INSERT OR UPDATE OF @name@, @name:b@ ON @name:t@ FOR EACH ROW
    WHEN (new.@name@ <> @text:when@) EXECUTE FUNCTION @name@(@text:argument@, @name-text@, '');
COMMENT ON TRIGGER @name@ ON @name:t@ IS @text:comment@;
CREATE TRIGGER @name:x@ AFTER UPDATE ON @name:t@ REFERENCING OLD TABLE AS @name:o@ NEW TABLE AS @name:n@
    FOR EACH STATEMENT EXECUTE FUNCTION @name@();
CREATE CONSTRAINT TRIGGER @name:y@ AFTER UPDATE ON @name:t@ FROM @name:t@ DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (new.@name@ <> @text:when@) EXECUTE FUNCTION @name@(@text:argument@);
ALTER TABLE @name:t@ DISABLE TRIGGER @name:x@;
