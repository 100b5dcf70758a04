CREATE TABLE "é" (id INTEGER PRIMARY KEY, "É" INTEGER UNIQUE, "é" TEXT NOT NULL DEFAULT '', "Éa" "TYPÉ");
CREATE TABLE "É" (id INTEGER PRIMARY KEY, "é" TEXT UNIQUE, "Ä" TEXT);
CREATE INDEX "ö" ON "É" ("Ä");
CREATE INDEX "Ö" ON "é" ("é");
CREATE TABLE "Ø" ("é" TEXT REFERENCES "é" ("É"), "É" TEXT REFERENCES "É" ("é"));
CREATE VIEW "ø" AS SELECT a."é", b."É" FROM "É" AS a JOIN "é" AS b ON a."é" = b."É";
