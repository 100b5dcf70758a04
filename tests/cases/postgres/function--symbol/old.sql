CREATE FUNCTION nop() RETURNS trigger LANGUAGE internal AS 'suppress_redundant_updates_trigger';
