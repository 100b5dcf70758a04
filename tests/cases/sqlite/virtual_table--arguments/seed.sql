INSERT INTO search VALUES ('a', 'b');
