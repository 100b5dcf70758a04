CREATE FUNCTION nop() RETURNS trigger LANGUAGE internal AS 'unique_key_recheck';
