CREATE FUNCTION n() RETURNS bigint LANGUAGE internal AS 'window_rank';
