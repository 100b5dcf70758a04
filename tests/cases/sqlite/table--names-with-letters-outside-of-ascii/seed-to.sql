INSERT INTO "é" VALUES (1, 7, 'b', 'c'); INSERT INTO "É" VALUES (1, 'b', 'c');
