INSERT INTO "t %" (id, a, b) VALUES (1, 'x', 'X'), (2, 'x', 'y');
