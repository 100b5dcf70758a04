INSERT INTO base (gone) VALUES ('b'); INSERT INTO heir (own) VALUES (3); INSERT INTO deep (own, merged) VALUES (1, 2);
