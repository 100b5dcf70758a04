INSERT INTO "order" VALUES ('g', 1, 'ab', 'w', 'k', 's');
