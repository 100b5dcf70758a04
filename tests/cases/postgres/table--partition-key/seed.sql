INSERT INTO "hard drive" (foo, bar) VALUES ('a', 1), ('b', 2), ('c', 3); INSERT INTO uses SELECT foo, bar FROM "hard drive";
