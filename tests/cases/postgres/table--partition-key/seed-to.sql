INSERT INTO "hard drive" (id, foo, bar) VALUES (7, 'a', 1), (8, 'b', 2), (9, 'c', 3); INSERT INTO uses SELECT foo, bar FROM "hard drive";
