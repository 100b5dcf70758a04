CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = simple);
CREATE TEXT SEARCH CONFIGURATION "my conf" (PARSER = "default");
ALTER TEXT SEARCH CONFIGURATION "my conf" ADD MAPPING FOR asciiword, word WITH d;CREATE TABLE docs (id integer PRIMARY KEY, body text, v tsvector GENERATED ALWAYS AS (to_tsvector('"my conf"'::regconfig, body)) STORED);
CREATE INDEX i ON docs USING gin (to_tsvector('"my conf"'::regconfig, body));
