CREATE TYPE level AS ENUM ('low', 'high');
CREATE DOMAIN price AS numeric CHECK (VALUE > 0);
CREATE TYPE levels AS RANGE (SUBTYPE = level);
CREATE TYPE prices AS RANGE (SUBTYPE = price);
CREATE TABLE t (a levels, b prices[]);
