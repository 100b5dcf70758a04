CREATE FOREIGN DATA WRAPPER @name@;
CREATE SERVER @name@ FOREIGN DATA WRAPPER @name@;
CREATE PUBLICATION @name@;
CREATE PUBLICATION @name:s@;
CREATE LANGUAGE @name@ HANDLER plpgsql_call_handler INLINE plpgsql_inline_handler VALIDATOR plpgsql_validator;
CREATE ACCESS METHOD @name@ TYPE TABLE HANDLER heap_tableam_handler;
CREATE ACCESS METHOD @name:i@ TYPE INDEX HANDLER gisthandler;
