CREATE TEXT SEARCH TEMPLATE "my template" (INIT = dsimple_init, LEXIZE = dsimple_lexize);
COMMENT ON TEXT SEARCH TEMPLATE "my template" IS 'c';
