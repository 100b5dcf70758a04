CREATE FOREIGN TABLE is_ (key integer OPTIONS (colname 'key')) SERVER other OPTIONS ("table" 'is_');
