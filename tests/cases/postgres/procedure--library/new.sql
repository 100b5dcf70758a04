CREATE PROCEDURE loaded(oid) LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_validator';
