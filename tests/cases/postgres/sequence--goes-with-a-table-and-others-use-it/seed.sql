INSERT INTO stays (n) VALUES (1);
INSERT INTO by_part (n) VALUES (1);
INSERT INTO heir (n) VALUES (1);
INSERT INTO by_heir (n) VALUES (1);
INSERT INTO anew (n) VALUES (1);
INSERT INTO by_anew (n) VALUES (1);
INSERT INTO by_far (n) VALUES (1);
