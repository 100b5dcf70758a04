INSERT INTO a VALUES (1, 'x');
INSERT INTO b VALUES (2, 'y');
INSERT INTO both_of_them VALUES (3, 'z', 4);
