CREATE TEXT SEARCH DICTIONARY "my dict" (TEMPLATE = snowball, Language = 'russian', StopWords = 'russian');
CREATE TEXT SEARCH DICTIONARY "simple" (TEMPLATE = pg_catalog.simple, ACCEPT = false);
COMMENT ON TEXT SEARCH DICTIONARY "my dict" IS 'c';
