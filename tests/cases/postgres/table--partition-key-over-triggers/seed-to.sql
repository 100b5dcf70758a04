INSERT INTO s (kind) VALUES ('x');
