CREATE TABLE docs (id integer PRIMARY KEY, body text);
CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = simple);
CREATE TEXT SEARCH CONFIGURATION "my conf" (PARSER = "default");
ALTER TEXT SEARCH CONFIGURATION "my conf" ADD MAPPING FOR asciiword, word WITH d, english_stem, simple;
CREATE INDEX i ON docs USING gin (to_tsvector('"my conf"'::regconfig, body));
CREATE TEXT SEARCH CONFIGURATION english (COPY = pg_catalog.english);
COMMENT ON TEXT SEARCH CONFIGURATION "my conf" IS 'c';
