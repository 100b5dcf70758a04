CREATE TABLE t (a text DEFAULT '{}', b json, c jsonb, d int DEFAULT 3, e int[]);
