CREATE TYPE @name@ AS (@name@ text);
CREATE FUNCTION @name@(@name@ @name@, @name:b@ text DEFAULT @text:default@, OUT @name:o@ @name@, OUT @name:o2@ text)
    RETURNS SETOF record LANGUAGE plpgsql COST 5 ROWS 7 SET application_name = @text:setting@ SET search_path = @tenant@, @name@
    AS @body@;
COMMENT ON FUNCTION @name@(@name@, text) IS @text:comment@;
CREATE FUNCTION @name@(@name:a@ text) RETURNS text LANGUAGE sql RETURN @name:a@ || @text:body@;
CREATE FUNCTION @name@() RETURNS text LANGUAGE sql AS @body@;
CREATE FUNCTION @name@(integer) RETURNS TABLE (@name:c@ text) LANGUAGE sql AS @body@;
CREATE PROCEDURE @name@(@name@ date, @name:b@ text DEFAULT @text:default@) LANGUAGE plpgsql SET application_name = @text:setting@ AS @body@;
COMMENT ON PROCEDURE @name@(date, text) IS @text:comment@;
CREATE PROCEDURE @name@(@name@ @name@) LANGUAGE sql BEGIN ATOMIC SELECT @text:body@; END;
GRANT EXECUTE ON FUNCTION @name@(@name@, text) TO @role@;
GRANT EXECUTE ON PROCEDURE @name@(date, text) TO @role@;
REVOKE EXECUTE ON FUNCTION @name@(text) FROM PUBLIC;
CREATE TABLE @name:t@ (@name@ text DEFAULT @name@(@text:call@));
CREATE FUNCTION @name:su@(internal) RETURNS internal LANGUAGE internal AS 'generate_series_int4_support';
CREATE FUNCTION @name@(bigint) RETURNS integer LANGUAGE sql SUPPORT @name:su@ AS @body@;
