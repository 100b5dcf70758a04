CREATE TABLE p (id INTEGER PRIMARY KEY, code TEXT UNIQUE);
CREATE TABLE q (id INTEGER PRIMARY KEY);
CREATE TABLE t (a INT, b TEXT, foreign key ([a]) REFERENCES "p" (`id`) on delete no action);
