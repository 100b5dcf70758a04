CREATE COLLATION @name@ (LC_COLLATE = 'C', LC_CTYPE = 'POSIX');
COMMENT ON COLLATION @name@ IS @text:comment@;
CREATE TABLE @name:t@ (@name@ text COLLATE @name@ DEFAULT ('a' COLLATE @name@));
