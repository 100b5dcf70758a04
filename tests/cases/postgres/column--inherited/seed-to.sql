INSERT INTO base (twofold) VALUES (1); INSERT INTO heir (own) VALUES (3); INSERT INTO deep (own, merged) VALUES (1, 2);
