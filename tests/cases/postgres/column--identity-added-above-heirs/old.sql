CREATE TABLE base (name text);
CREATE TABLE heir (more int) INHERITS (base);
