CREATE TABLE t (a INT);
CREATE VIRTUAL TABLE search USING fts5(title, body, tokenize = 'porter ascii', prefix='2 3');
CREATE VIRTUAL TABLE places USING rtree(id, min_x, max_x, +name TEXT);
CREATE VIEW found AS SELECT title FROM search WHERE search MATCH 'x';
