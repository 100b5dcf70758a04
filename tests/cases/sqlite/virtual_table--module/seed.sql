INSERT INTO search VALUES ('a');
