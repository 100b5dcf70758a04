CREATE FOREIGN TABLE was (id integer OPTIONS (colname 'id')) SERVER other OPTIONS ("table" 'was');
