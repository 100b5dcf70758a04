CREATE TEXT SEARCH PARSER p (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype);
CREATE TEXT SEARCH TEMPLATE t (INIT = dsimple_init, LEXIZE = dsimple_lexize);
CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = t);
CREATE TEXT SEARCH CONFIGURATION c (PARSER = p);
ALTER TEXT SEARCH CONFIGURATION c ADD MAPPING FOR asciiword, word WITH d, english_stem;
CREATE TABLE docs (id integer PRIMARY KEY, body text, found tsvector GENERATED ALWAYS AS (to_tsvector('c'::regconfig, body)) STORED);
CREATE INDEX i ON docs USING gin (to_tsvector('c'::regconfig, body));
